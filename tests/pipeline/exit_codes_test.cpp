#include "world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <csignal>
#include <fstream>

using namespace pj;
using namespace pj::test;
using nlohmann::json;

namespace {

/// The one event that ends a bad task.
json failed_event(const world& w) {
  const auto all = w.events();
  REQUIRE_FALSE(all.empty());
  for (std::size_t i = 0; i + 1 < all.size(); ++i)
    CHECK(all[i]["type"] == "task.progress");
  CHECK(all.back()["type"] == "task.failed");
  CHECK(all.back()["status"] == "failed");
  const auto error = all.back()["error"].get<std::string>();
  CHECK_FALSE(error.empty());
  CHECK_FALSE(has(error, "\n"));
  return all.back();
}

/// Nothing was pushed, nothing was opened.
void check_untouched(const world& w) {
  CHECK(w.branches().empty());
  CHECK(w.doubles.pulls().empty());
  CHECK(w.requests("git", "receive-pack") == 0);
}

constexpr const char* stalled_stream =
  "{face: model, kind: stall, after: 300, times: 1}";

} // namespace

TEST_CASE("1: the task failed") {
  world w;
  w.doubles.add_answer("{refusal: I would rather not.}");
  const auto x = w.run();
  CHECK(x.code == 1);
  CHECK(x.out.empty());
  CHECK(error_lines(x.err).size() == 1);
  CHECK(has(failed_event(w)["error"].get<std::string>(), "declined"));
  CHECK(w.requests("model") == 1);
  check_untouched(w);
}

TEST_CASE("1: no place for a work tree, and not the change's fault") {
  world w;
  w.doubles.add_repository(
    "acme/own", {{"README.md", "# Own\n"},
                 {".pj.yaml", "validate: [{name: n, command: 'true'}]\n"}});
  w.environment["TARGET_REPO"] = w.doubles.repository_url("acme/own");
  w.doubles.add_fault("{face: model, kind: stall, after: 300, times: 1, "
                      "delay: 2000}");
  const auto pj = w.start();
  w.await_fault("model", "stall");
  std::filesystem::remove_all(w.state() / "run/t1/scratch");
  std::ofstream in_the_way(w.state() / "run/t1/scratch");
  REQUIRE(in_the_way.is_open());
  const auto x = pj->wait();
  CHECK(x.code == 1);
  CHECK(error_lines(x.err).size() == 1);
  CHECK(has(x.err, "the checks need a folder below " +
                     (w.state() / "run/t1/scratch").string()));
  const auto event = failed_event(w);
  for (const auto* text : {"error", "message"})
    CHECK_FALSE(has(event[text].get<std::string>(), "validation"));
  check_untouched(w);
}

TEST_CASE("3: the model says that nothing is to be changed") {
  world w;
  w.doubles.add_answer(
    R"({text: "**NO CHANGE:** the README greets the reader already."})");
  const auto x = w.run({"--json"});
  CHECK(x.code == 3);
  const auto error = failed_event(w)["error"].get<std::string>();
  CHECK(has(error, "no patch: the model says that nothing is to be changed"));
  CHECK(has(failed_event(w)["message"].get<std::string>(),
            "the README greets the reader already."));
  CHECK(has(x.err, "the README greets the reader already."));
  CHECK(w.requests("model") == 1);
  check_untouched(w);
}

TEST_CASE("3: three answers that do not apply") {
  world w;
  std::string text = "README.md\n<<<<<<< SEARCH\nthis is not there\n"
                     "=======\nnor this\n>>>>>>> REPLACE\n";
  for (int i = 0; i < 200; ++i)
    text += "and so on, line " + std::to_string(i) + "\n";
  w.doubles.add_answer(json{{"text", text}}.dump());
  const auto x = w.run();
  CHECK(x.code == 3);
  CHECK(w.requests("model") == 3);
  const auto event = failed_event(w);
  CHECK(has(event["error"].get<std::string>(), "patch"));
  const auto message = event["message"].get<std::string>();
  CHECK(message.size() <= 10'000);
  CHECK(has(message, "this is not there"));
  CHECK_FALSE(has(message, "line 150"));
  for (const auto& told : {message, x.err}) { // that is for the model
    CHECK_FALSE(has(told, "Send only"));
    CHECK(has(told, "README.md: the old text is not in the file"));
  }
  check_untouched(w);
}

TEST_CASE("a refusal goes back to the model with its reason") {
  world w;
  w.doubles.add_answer(
    json{{"times", 1},
         {"text", "README.md\n<<<<<<< SEARCH\nthis is not there\n"
                  "=======\nnor this\n>>>>>>> REPLACE\n"}}
      .dump());
  const auto j = w.result();
  CHECK(j["exit_code"] == 0);
  CHECK(j["rounds"] == 2);
  CHECK(w.requests("model") == 2);
  CHECK(w.changed_files("pj/t1") == "M\tREADME.md");
}

TEST_CASE("4: a blocking check fails, everything is rolled back") {
  world w;
  w.doubles.add_repository(
    "acme/checked",
    {{"README.md", "# Checked\n"},
     {".pj.yaml", "validate:\n"
                  "  - name: short\n"
                  "    command: test $(wc -l < README.md) = 1\n"}});
  w.environment["TARGET_REPO"] = w.doubles.repository_url("acme/checked");
  const auto x = w.run();
  CHECK(x.code == 4);
  const auto event = failed_event(w);
  CHECK(has(event["error"].get<std::string>(), "validation"));
  CHECK(has(event["error"].get<std::string>(), "short"));
  check_untouched(w);
  CHECK(git_in(w.doubles.repository_path("acme/checked"),
               {"for-each-ref", "--format=%(refname)"}) == "refs/heads/main");
}

TEST_CASE("a check that the change removes is told in the pull request") {
  world w;
  w.doubles.add_repository(
    "acme/checked",
    {{"README.md", "# Checked\n"},
     {"package.json", "{\n  \"scripts\": {\"test\": \"false\"}\n}\n"}});
  w.environment["TARGET_REPO"] = w.doubles.repository_url("acme/checked");
  w.doubles.add_answer(json{
    {"text",
     "package.json\n<<<<<<< SEARCH\n  \"scripts\": {\"test\": "
     "\"false\"}\n=======\n  \"scripts\": {}\n>>>>>>> "
     "REPLACE\n"}}.dump());
  const auto x = w.run();
  CHECK(x.code == 0);
  const std::string line = "tests: not run: the change removes it";
  CHECK(has(x.err, "[pj] warning: check: " + line));
  REQUIRE(w.doubles.pulls().size() == 1);
  CHECK(has(w.doubles.pulls()[0].body, "- " + line));
}

TEST_CASE("a good check is reported in the pull request") {
  world w;
  w.doubles.add_repository("acme/checked",
                           {{"README.md", "# Checked\n"},
                            {".pj.yaml", "validate:\n"
                                         "  - name: fine\n"
                                         "    command: test -f README.md\n"
                                         "  - name: style\n"
                                         "    command: exit 3\n"
                                         "    blocking: false\n"}});
  w.environment["TARGET_REPO"] = w.doubles.repository_url("acme/checked");
  const auto j = w.result();
  CHECK(j["exit_code"] == 0);
  REQUIRE(j["checks"].size() == 2);
  CHECK(j["checks"][0]["outcome"] == "passed");
  const auto body = w.doubles.pulls().at(0).body;
  for (const auto& check : j["checks"])
    CHECK(has(body, "- " + check["line"].get<std::string>() + "\n"));
}

TEST_CASE("124: the deadline passes while the model is silent") {
  world w;
  w.environment["TASK_TIMEOUT_MINUTES"] = "0.02";
  w.doubles.add_fault(stalled_stream);
  const auto x = w.run();
  CHECK(x.code == 124);
  CHECK(error_lines(x.err).size() == 1);
  CHECK(has(failed_event(w)["error"].get<std::string>(), "deadline"));
  CHECK(w.requests("model") <= 1); // a busy machine may not get there
  check_untouched(w);
}

TEST_CASE("130: signals stop the task while the model streams") {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    INFO("signal " << number);
    world w;
    w.doubles.add_fault(stalled_stream);
    const auto pj = w.start();
    w.await_fault("model", "stall");
    pj->signal(number);
    const auto x = pj->wait();
    INFO(x.err);
    CHECK(x.code == 130);
    CHECK(has(failed_event(w)["error"].get<std::string>(), "interrupted"));
    CHECK(w.requests("model") == 1);
    check_untouched(w);
  }
}

TEST_CASE("130: a signal stops a check and what it started") {
  world w;
  w.doubles.add_repository("acme/checked",
                           {{"README.md", "# Checked\n"},
                            {".pj.yaml", "validate:\n"
                                         "  - name: endless\n"
                                         "    command: sleep 1000 & wait\n"}});
  w.environment["TARGET_REPO"] = w.doubles.repository_url("acme/checked");
  const auto pj = w.start();
  await("the check to begin",
        [&] { return has(pj->err(), "Validating the change..."); });
  pj->signal(SIGTERM);
  CHECK(pj->wait().code == 130);
  failed_event(w);
  check_untouched(w);
}

TEST_CASE("130: the second signal ends at once") {
  world w;
  w.doubles.add_fault(stalled_stream);
  w.doubles.add_fault("{face: webhook, kind: stall, match: [task.failed]}");
  const auto pj = w.start();
  w.await_fault("model", "stall");
  pj->signal(SIGTERM);
  w.await_fault("webhook", "stall");
  pj->signal(SIGINT);
  const auto x = pj->wait(std::chrono::seconds{5});
  CHECK(x.code == 130);
}
