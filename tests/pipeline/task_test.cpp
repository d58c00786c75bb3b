#include "world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <set>

using namespace pj;
using namespace pj::test;

TEST_CASE("a task goes from prompt to pull request") {
  world w;
  const auto x = w.run();
  REQUIRE(x.code == 0);
  CHECK(x.out == w.doubles.urls().github + "/acme/hello/pull/1\n");
  CHECK(w.branches() == std::vector<std::string>{"pj/t1"});
  CHECK(w.changed_files("pj/t1") == "M\tREADME.md");
  CHECK(w.git({"rev-list", "--count", "main..pj/t1"}) == "1");
  CHECK(w.git({"log", "-1", "--format=%an <%ae>|%cn <%ce>|%B", "pj/t1"}) ==
        "Pithy Jaunt Bot <bot@pithy-jaunt.dev>|Pithy Jaunt Bot "
        "<bot@pithy-jaunt.dev>|Pithy Jaunt: t1\n\nPithy-Jaunt-Task: t1\n");
  const auto pulls = w.doubles.pulls();
  REQUIRE(pulls.size() == 1);
  CHECK(pulls[0].repository == "acme/hello");
  CHECK(pulls[0].head == "pj/t1");
  CHECK(pulls[0].base == "main");
  CHECK(pulls[0].title == "Pithy Jaunt: t1");
  CHECK(has(pulls[0].body, "Task: `t1`"));
  CHECK(has(pulls[0].body, "Greet the reader in README.md."));
  CHECK(has(pulls[0].body, "Model: `openai/gpt-4o`"));
  CHECK(has(pulls[0].body, " in, "));
  CHECK(has(pulls[0].body, "cost: $0."));
  for (const auto& line : {"Cloning repository...", "pull request: "})
    CHECK(has(x.err, "[pj] " + std::string(line)));
}

TEST_CASE("events have eight keys, come in order and are signed") {
  world w;
  REQUIRE(w.run().code == 0);
  const auto events = w.events();
  CHECK(w.event_messages() == usual_messages());
  const std::set<std::string> keys = {"type",       "taskId", "workspaceId",
                                      "branchName", "prUrl",  "status",
                                      "error",      "message"};
  for (const auto& e : events) {
    std::set<std::string> found;
    for (const auto& [key, value] : e.items()) {
      found.insert(key);
      CHECK(value.is_string());
    }
    CHECK(found == keys);
    CHECK(e["taskId"] == "t1");
    CHECK(e["workspaceId"] == "w1");
    CHECK(e["branchName"] == "pj/t1");
    CHECK(e["error"] == "");
  }
  REQUIRE(events.size() == 9);
  const auto url = w.doubles.urls().github + "/acme/hello/pull/1";
  for (std::size_t i = 0; i < 7; ++i) {
    CHECK(events[i]["type"] == "task.progress");
    CHECK(events[i]["status"] == "running");
    CHECK(events[i]["prUrl"] == "");
  }
  CHECK(events[7]["type"] == "pr.created");
  CHECK(events[8]["type"] == "task.completed");
  for (std::size_t i = 7; i < 9; ++i) {
    CHECK(events[i]["status"] == "success");
    CHECK(events[i]["prUrl"] == url);
  }
  for (const auto& d : w.doubles.events())
    CHECK(d.seen == 1);
}

TEST_CASE("without a secret events are not signed, without a URL not sent") {
  world w;
  w.environment.erase("WEBHOOK_SECRET");
  REQUIRE(w.run().code == 0);
  for (const auto& r : w.doubles.requests())
    if (r.face == "webhook")
      CHECK(find_header(r.headers, "webhook-signature").empty());
  const auto sent = w.requests("webhook");
  CHECK(sent == 9);
  w.environment["TASK_ID"] = "t2";
  w.environment.erase("WEBHOOK_URL");
  const auto x = w.run();
  CHECK(x.code == 0);
  CHECK(has(x.err, "[pj] warning: WEBHOOK_URL is not set"));
  CHECK(w.requests("webhook") == sent);
}

TEST_CASE("every provider's own wire carries a task") {
  struct row {
    const char* provider;
    const char* key;
    const char* path;
  };
  world w;
  for (const auto& [provider, key, path] :
       {row{"anthropic", "ANTHROPIC_API_KEY", "/v1/messages"},
        row{"openrouter", "OPENROUTER_API_KEY", "/api/v1/chat/completions"},
        row{"openai", "OPENAI_API_KEY", "/v1/chat/completions"}}) {
    INFO(provider);
    w.environment.erase("OPENAI_API_KEY");
    w.environment["MODEL_PROVIDER"] = provider;
    w.environment[key] = w.doubles.model_key();
    w.environment["TASK_ID"] = provider;
    const auto j = w.result();
    CHECK(j["end"] == "succeeded");
    CHECK(
      j["model"].get<std::string>().starts_with(std::string(provider) + "/"));
    CHECK(j["tokens"]["input"] > 100);
    CHECK(j["tokens"]["output"] > 5);
    CHECK(w.requests("model", path) >= 1);
    CHECK(w.changed_files("pj/" + std::string(provider)) == "M\tREADME.md");
  }
  CHECK(w.requests("model") == 3);
  CHECK(w.doubles.pulls().size() == 3);
}

TEST_CASE("the result object says it all") {
  world w;
  const auto j = w.result();
  CHECK(j["task"] == "t1");
  CHECK(j["end"] == "succeeded");
  CHECK(j["error"].is_null());
  CHECK(j["branch"] == "pj/t1");
  CHECK(j["base"] == "main");
  CHECK(j["base_commit"] == w.git({"rev-parse", "main"}));
  CHECK(j["commit"] == w.git({"rev-parse", "pj/t1"}));
  CHECK(j["pr_url"] == w.doubles.urls().github + "/acme/hello/pull/1");
  CHECK(j["files"] == std::vector<std::string>{"README.md"});
  CHECK(has(j["diff"].get<std::string>(), "+++ b/README.md"));
  CHECK(j["rounds"] == 1);
  CHECK(j["cost_usd"].is_number());
  CHECK(j["replayed"] == false);
}

namespace {

std::string long_prompt(std::size_t bytes) {
  std::string out = "Greet the reader in README.md.\n";
  while (out.size() < bytes)
    out += "Mind line " + std::to_string(out.size()) + " as well.\n";
  return out;
}

} // namespace

TEST_CASE("a prompt of a megabyte comes from a file") {
  world w;
  w.environment.erase("AGENT_PROMPT");
  w.environment["MODEL"] = "gpt-4.1"; // has room for it
  const auto prompt = long_prompt(1'000'000);
  const auto file = w.folder() / "prompt.txt";
  std::ofstream(file) << prompt;
  const auto x = w.run({"--prompt-file", file.string()});
  CHECK(x.code == 0);
  REQUIRE(w.doubles.pulls().size() == 1);
  CHECK(w.doubles.pulls()[0].body.size() < 65'536);
  w.environment["TASK_ID"] = "t2";
  CHECK(w.run({"--prompt-file", "-"}, prompt).code == 0);
}

TEST_CASE("a prompt that fills the model's window is refused before anything") {
  world w;
  w.environment.erase("AGENT_PROMPT");
  const auto x = w.run({"--prompt-file", "-"}, long_prompt(1'000'000));
  CHECK(x.code == 2);
  const auto lines = error_lines(x.err);
  REQUIRE(lines.size() == 1);
  CHECK(has(lines[0], "the prompt (AGENT_PROMPT) has about 333,3"));
  CHECK(has(lines[0], "tokens (estimated); gpt-4o has a window of 128,000, "
                      "111,616 of it for prompt and files: use a shorter "
                      "prompt, or a MODEL with a larger window"));
  CHECK(w.requests({}) == w.requests("webhook"));
  REQUIRE(w.events().size() == 1);
  CHECK(w.events()[0]["type"] == "task.failed");
}
