#include "core/spec/settings.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>

using pj::settings;

namespace {

std::string problem_of(std::string_view yaml, bool is_private = false) {
  const auto got = pj::read_settings_file(yaml, "config.yaml", is_private);
  CAPTURE(yaml.substr(0, 40));
  REQUIRE_FALSE(got);
  CHECK(got.error().code == pj::failure_code::configuration);
  return got.error().what;
}

} // namespace

TEST_CASE("flags beat the environment, the environment beats files") {
  const settings flags = {{"MODEL", {"a", "--model"}},
                          {"TASK_ID", {"  ", "--task-id"}}};
  const settings environment = {{"MODEL", {"b", "MODEL"}},
                                {"TASK_ID", {"t", "TASK_ID"}}};
  const settings file = {{"MODEL", {"c", "config.yaml:1"}},
                         {"BASE_BRANCH", {"dev", "config.yaml:2"}},
                         {"PR_TITLE", {"", "config.yaml:3"}}};
  const auto all = pj::merged({&flags, &environment, &file});
  CHECK(all.at("MODEL").source == "--model");
  CHECK(all.at("TASK_ID").value == "t");
  CHECK(all.at("BASE_BRANCH").source == "config.yaml:2");
  CHECK(all.count("PR_TITLE") == 0);
}

TEST_CASE("a configuration file has names of the contract in any case") {
  const auto got = pj::read_settings_file("# mine\n"
                                          "model_provider: anthropic\n"
                                          "MODEL: \"x: y\"\n"
                                          "task_timeout_minutes: 0.5\n"
                                          "pr_title:\n"
                                          "agent_prompt: |\n"
                                          "  one\n"
                                          "  two\n",
                                          "config.yaml", false);
  REQUIRE(got);
  CHECK(got->at("MODEL_PROVIDER").value == "anthropic");
  CHECK(got->at("MODEL_PROVIDER").source == "config.yaml:2");
  CHECK(got->at("MODEL").value == "x: y");
  CHECK(got->at("TASK_TIMEOUT_MINUTES").value == "0.5");
  CHECK(got->at("PR_TITLE").value.empty());
  CHECK(got->at("AGENT_PROMPT").value == "one\ntwo\n");
  CHECK(pj::read_settings_file("", "config.yaml", false)->empty());
}

TEST_CASE("slips in a configuration file are named with their line") {
  CHECK(problem_of("model: x\nmodle_provider: openai\n") ==
        "config.yaml:2: unknown key \"modle_provider\", did you mean "
        "model_provider?");
  CHECK(problem_of("zzzzzzzz: 1") == "config.yaml:1: unknown key \"zzzzzzzz\"");
  CHECK(problem_of("model: x\nMODEL: y") ==
        "config.yaml:2: MODEL is given twice");
  CHECK(problem_of("model: [x]") ==
        "config.yaml:1: model takes one plain value");
  CHECK(problem_of("[model]").starts_with("config.yaml:1: expected lines"));
  CHECK(
    problem_of("a: x\n\t b: y").starts_with("config.yaml:2: not valid YAML"));
  CHECK(problem_of("[a]: b").starts_with("config.yaml:1: unknown key"));
  const auto two = problem_of("a1: x\nb1: y\n");
  CHECK(std::count(two.begin(), two.end(), '\n') == 1);
}

TEST_CASE("secrets are taken only from files of one's own") {
  const auto yaml = "github_token: planted";
  const auto what = problem_of(yaml);
  CHECK(what.find("chmod 600") != what.npos);
  CHECK(what.find("planted") == what.npos);
  const auto got = pj::read_settings_file(yaml, "c", true);
  REQUIRE(got);
  CHECK(got->at("GITHUB_TOKEN").value == "planted");
}

TEST_CASE("hostile configuration files end in a line, not in a crash") {
  const auto yaml =
    GENERATE(std::string("\x00\x01\x02", 3), std::string(100'000, '['),
             std::string(100'000, '{'), std::string("&a [*a]"),
             std::string("*x"), std::string("a: b: c"),
             std::string("%YAML 9.9\n---\n"), std::string(2u << 20, '#'),
             std::string("model: *nope"), std::string("? \x1b[31m\n: x"));
  const auto what = problem_of(yaml);
  CHECK(what.find('\x1b') == what.npos);
  CHECK(what.size() < 400);
}

TEST_CASE("the closest name is a slip away or not given") {
  const std::vector<std::string> names = {"base_branch", "branch_name"};
  CHECK(pj::closest_name("base_brnch", names) == "base_branch");
  CHECK(pj::closest_name("branchname", names) == "branch_name");
  CHECK(pj::closest_name("zzz", names).empty());
  CHECK(pj::closest_name("", names).empty());
}
