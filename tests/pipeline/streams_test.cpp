#include "world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>

using namespace pj;
using namespace pj::test;
using nlohmann::json;

namespace {

/// `pj ARGUMENTS` with the redirections of a shell.
ending with_streams(const std::string& redirections,
                    std::vector<std::string> arguments,
                    const std::map<std::string, std::string>& environment) {
  arguments.insert(arguments.begin(),
                   {"/bin/sh", "-c", "exec \"$0\" \"$@\" " + redirections,
                    PJ_BINARY_DIR "/pj"});
  return program(std::move(arguments), environment).wait();
}

} // namespace

TEST_CASE("a result that standard output does not take is no success") {
  world w;
  const std::vector<std::vector<std::string>> verbs = {
    {"run", "--json", "--skip-push"},
    {"run", "--dry-run"},
    {"config"},
    {"config", "--json"},
    {"version"},
    {"--version"},
    {"run", "--help"},
    {"status", "--webhooks", "--json"}};
  int number = 0;
  for (const auto& verb : verbs) {
    w.environment["TASK_ID"] = "t" + std::to_string(++number);
    const auto x = with_streams(">/dev/full", verb, w.environment);
    INFO(verb[0] << ": " << x.err);
    CHECK(x.code == 1);
    CHECK(error_lines(x.err).size() == 1);
    CHECK(has(x.err, "standard output did not take the whole result"));
  }
  const auto x = with_streams(
    ">/dev/full",
    {"apply", "--json", "--root", w.folder().string(), "--input", "/dev/null"},
    w.environment);
  CHECK(x.code == 3); // refused all the same
  CHECK(has(x.err, "standard output did not take the whole result"));
}

TEST_CASE("closed standard streams harm no file") {
  world w;
  const auto x = with_streams("<&- >&- 2>&-", {"run"}, w.environment);
  CHECK(x.code == 0);
  CHECK(w.doubles.pulls().size() == 1);
}

TEST_CASE("run: --json gives its object when a task cannot even start") {
  world w;
  w.environment["MODEL_PROVIDER"] = "skynet";
  auto j = w.result();
  CHECK(j["exit_code"] == 2);
  CHECK(j["end"] == "failed");
  CHECK(j["task"] == "t1");
  CHECK(j["branch"] == "pj/t1");
  CHECK(j["error"]["class"] == "fail");
  CHECK(j["error"]["code"] == "configuration");
  CHECK(has(j["error"]["what"].get<std::string>(), "MODEL_PROVIDER"));
  w.environment.erase("TARGET_REPO");
  j = w.result();
  CHECK_FALSE(has(j["error"]["what"].get<std::string>(), "\n"));
  for (const auto* name : {"TARGET_REPO", "MODEL_PROVIDER"})
    CHECK(has(j["error"]["details"].get<std::string>(), name));
}

TEST_CASE("run: --json gives its object when there is no place for the journal") {
  world w;
  std::filesystem::create_directories(w.state() / "run/t1/journal.db");
  const auto j = w.result();
  CHECK(j["exit_code"] == 1);
  CHECK(j["task"] == "t1");
  CHECK(j["error"]["code"] == "journal");
  CHECK_FALSE(j["error"]["what"].get<std::string>().empty());
}
