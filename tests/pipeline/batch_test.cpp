// Whole batches by the program, against doubles.
#include "batch_world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <csignal>
#include <set>

using namespace pj;
using namespace pj::test;

TEST_CASE("a batch makes a pull request in every repository, once") {
  const batch_world w(4);
  const auto first = w.summary({"run", w.spec()}, 0);
  CHECK(first["succeeded"] == 4);
  std::set<std::string> links;
  for (const auto& t : first["tasks"])
    links.insert(t["result"]["pr_url"].get<std::string>());
  CHECK(links.size() == 4);
  w.check_effects(4);
  const auto requests = w.requests({});
  CHECK(w.summary({"run", w.spec()}, 0)["succeeded"] == 4);
  CHECK(w.summary({"status", "greet"}, 0)["succeeded"] == 4);
  CHECK(w.requests({}) == requests);
}

TEST_CASE("tasks of one batch may ask different providers") {
  batch_world w(0);
  w.environment["ANTHROPIC_API_KEY"] = w.doubles.model_key();
  w.environment["ANTHROPIC_BASE_URL"] = w.doubles.urls().anthropic;
  std::ofstream list(w.folder() / "tasks.jsonl");
  for (const auto& [name, provider] :
       {std::pair<std::string, std::string>{"r1", "openai"},
        {"r2", "anthropic"},
        {"r3", "openai"}}) {
    w.doubles.add_repository("acme/" + name, {{"README.md", "# R\n\nText.\n"}});
    list << nlohmann::json{{"TARGET_REPO",
                            w.doubles.repository_url("acme/" + name)},
                           {"TASK_ID", name},
                           {"AGENT_PROMPT", "Greet the reader in README.md."},
                           {"MODEL_PROVIDER", provider}}
         << '\n';
  }
  list.close();
  std::ofstream(w.spec()) << "name: greet\ntasks: tasks.jsonl\n";
  CHECK(w.summary({"plan", w.spec()}, 0)["planned"] == 3);
  CHECK(w.requests("model", "/v1/chat/completions") == 2);
  CHECK(w.requests("model", "/v1/messages") == 1);

  w.environment.erase("ANTHROPIC_API_KEY");
  const auto x = w.batch({"apply", "greet"})->wait();
  CHECK(x.code == 2);
  CHECK(has(x.err, "ANTHROPIC_API_KEY"));
  w.environment["ANTHROPIC_API_KEY"] = w.doubles.model_key();
  CHECK(w.summary({"apply", "greet"}, 0)["succeeded"] == 3);
  CHECK(w.requests("model") == 3);
}

TEST_CASE("what was planned is published without asking again") {
  const batch_world w(3);
  const auto plan = w.summary({"plan", w.spec()}, 0);
  CHECK(plan["planned"] == 3);
  CHECK(w.doubles.pulls().empty());
  CHECK(w.requests("model") == 3);
  const auto shown = w.batch({"show", "greet"})->wait();
  CHECK(has(shown.out, "+++ b/README.md"));
  const auto one = plan["tasks"][1]["task"].get<std::string>();
  CHECK(w.summary({"apply", "greet", "--task", one}, 0)["succeeded"] == 1);
  CHECK(w.doubles.pulls().size() == 1);
  CHECK(w.summary({"apply", "greet"}, 0)["succeeded"] == 3);
  CHECK(w.doubles.pulls().size() == 3);
  CHECK(w.requests("model") == 3);
}

TEST_CASE("failed tasks of a batch are told by cause and tried again") {
  batch_world w(3);
  w.doubles.add_fault("{face: github, kind: status, status: 403, method: POST, "
                      "path: r2/pulls, times: 1, body: '{\"message\":"
                      "\"Resource not accessible by integration\"}'}");
  const auto first = w.batch({"run", w.spec()})->wait();
  CHECK(first.code == 1);
  CHECK(has(first.out, "1 × "));
  CHECK(has(first.out, "3 tasks: 2 succeeded, 1 failed"));
  CHECK(w.summary({"resume", "greet"}, 1)["failed"] == 1);
  CHECK(w.summary({"retry", "greet", "--failed"}, 0)["succeeded"] == 3);
  CHECK(w.doubles.pulls().size() == 3);
}

TEST_CASE("an interrupted batch is resumed where it stopped") {
  batch_world w(6);
  w.doubles.add_fault("{face: model, kind: stall, after: 400, delay: 700}");
  std::ofstream(w.spec(), std::ios::app)
    << "limits: {concurrency: {tasks: 2}}\n";
  const auto running = w.batch({"run", w.spec()});
  await("the first pull request", [&] { return !w.doubles.pulls().empty(); });
  CHECK(w.batch({"resume", "greet"})->wait().code == 2);
  running->signal(SIGINT);
  const auto x = running->wait();
  INFO(x.err);
  CHECK(x.code == 75);
  CHECK(has(x.err, "pj batch resume greet"));
  const auto stopped = w.summary({"status", "greet"}, 0);
  CHECK(stopped["waiting"] > 0);
  CHECK(stopped["failed"] == 0);
  const auto asked = w.requests("model");
  const auto ended = stopped["succeeded"].get<std::size_t>();
  CHECK(w.summary({"resume", "greet"}, 0)["succeeded"] == 6);
  CHECK(w.requests("model") <= asked + 6 - ended);
  w.check_effects(6);
}

TEST_CASE("a batch whose provider's account is empty stops at once") {
  batch_world w(8);
  w.doubles.add_fault(
    "{face: model, kind: status, status: 402, body: '{\"error\":{\"message\":"
    "\"no credit\",\"type\":\"billing_error\"}}'}");
  std::ofstream(w.spec(), std::ios::app)
    << "limits: {concurrency: {tasks: 1}}\n";
  const auto x = w.summary({"run", w.spec()}, 1);
  CHECK(x["failed"] == 1);
  CHECK(x["waiting"] == 7);
  CHECK(has(x["stopped"].get<std::string>(), "billing"));
  CHECK(w.requests("model") == 1);
}

TEST_CASE("a batch is cancelled, and another spec of its name is refused") {
  batch_world w(2);
  w.doubles.add_fault("{face: model, kind: stall, after: 1}");
  const auto running = w.batch({"run", w.spec()});
  await("both questions", [&] { return w.requests("model") == 2; });
  running->signal(SIGKILL);
  running->wait();
  CHECK(w.batch({"cancel", "greet"})->wait().code == 0);
  CHECK(w.summary({"status", "greet"}, 0)["cancelled"] == 2);
  std::ofstream(w.spec(), std::ios::app) << "base: develop\n";
  const auto other = w.batch({"run", w.spec()})->wait();
  INFO(other.err);
  CHECK(other.code == 2);
  CHECK(error_lines(other.err).size() == 1);
}

TEST_CASE("a batch stops when its money is spent, and says so again") {
  batch_world w(6);
  std::ofstream(w.spec(), std::ios::app)
    << "limits: {concurrency: {tasks: 1}, max_cost: {batch: 0.175}}\n";
  const auto x = w.summary({"run", w.spec()}, 5);
  CHECK(x["succeeded"] > 0);
  CHECK(x["waiting"] > 0);
  CHECK(x["cost_usd"] <= 0.175);
  CHECK(has(x["stopped"].get<std::string>(), "budget"));
  const auto asked = w.requests("model");
  CHECK(w.batch({"resume", "greet"})->wait().code == 5);
  CHECK(w.requests("model") == asked);
}

TEST_CASE("what failed attempts cost counts against a batch's budget") {
  batch_world w(1);
  std::ofstream(w.spec(), std::ios::app)
    << "limits: {max_cost: {batch: 0.175}}\n";
  w.doubles.add_fault("{face: github, kind: status, status: 403, method: POST, "
                      "path: /pulls, body: '{\"message\":"
                      "\"Resource not accessible by integration\"}'}");
  CHECK(w.batch({"run", w.spec()})->wait().code == 1);
  int code = 1;
  for (int i = 0; i < 10 && code == 1; ++i)
    code = w.batch({"retry", "greet", "--failed"})->wait().code;
  CHECK(code == 5);
}

TEST_CASE("what a cancelled task had paid for counts when it is tried again") {
  batch_world w(1);
  std::ofstream(w.spec(), std::ios::app)
    << "limits: {max_cost: {batch: 0.175}}\n";
  w.doubles.add_fault(
    "{face: git, method: GET, path: receive-pack, kind: stall}");
  std::size_t stalls = 0;
  const auto stalled = [&] {
    std::size_t n = 0;
    for (const auto& r : w.doubles.requests())
      n += r.fault == "stall" ? 1u : 0u;
    return n > stalls;
  };
  auto running = w.batch({"run", w.spec()});
  for (int i = 0; i < 10 && running->running(); ++i) {
    await("a push or the end",
          [&] { return stalled() || !running->running(); });
    stalls += stalled() ? 1u : 0u;
    if (!running->running())
      break;
    running->signal(SIGKILL);
    running->wait();
    CHECK(w.batch({"cancel", "greet"})->wait().code == 0);
    running = w.batch({"retry", "greet", "--failed"});
  }
  CHECK(running->wait().code == 5);
  CHECK(w.requests("model") > 1);
}

TEST_CASE("a plan that took all the money is published") {
  batch_world w(6);
  std::ofstream(w.spec(), std::ios::app)
    << "limits: {concurrency: {tasks: 1}, max_cost: {batch: 0.175}}\n";
  const auto plan = w.summary({"plan", w.spec()}, 5);
  const auto planned = plan["planned"].get<std::size_t>();
  CHECK(planned > 0);
  const auto asked = w.requests("model");
  CHECK(w.summary({"apply", "greet"}, 1)["succeeded"] == planned);
  CHECK(w.requests("model") == asked);
  CHECK(w.doubles.pulls().size() == planned);
}

TEST_CASE("a batch stops when its tokens are spent, and says so again") {
  batch_world w(6);
  std::ofstream(w.spec(), std::ios::app)
    << "limits: {concurrency: {tasks: 1}, max_tokens: {batch: 19000}}\n";
  const auto x = w.summary({"run", w.spec()}, 5);
  CHECK(x["succeeded"] > 0);
  CHECK(x["waiting"] > 0);
  CHECK(has(x["stopped"].get<std::string>(), "max_tokens of the batch"));
  const auto asked = w.requests("model");
  CHECK(w.batch({"resume", "greet"})->wait().code == 5);
  CHECK(w.requests("model") == asked);
}

TEST_CASE("a task that may take too many tokens fails, the others go on") {
  batch_world w(2);
  std::ofstream(w.spec(), std::ios::app)
    << "limits: {max_tokens: {task: 2000}}\n";
  const auto x = w.summary({"run", w.spec()}, 1);
  CHECK(x["failed"] == 2);
  CHECK(x["tasks"][0]["result"]["error"]["code"] == "budget");
  CHECK(w.requests("model") == 0);
}
