#include "core/validate/checks.hpp"
#include "core/validate/own_checks.hpp"
#include "tests/support/memory_tree.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <fstream>
#include <iterator>

using namespace pj;

namespace {

std::vector<planned_check> plan(const memory_tree& tree,
                                const std::vector<check_spec>& extra = {}) {
  auto out = plan_checks(tree, extra);
  REQUIRE(out);
  return *std::move(out);
}

std::string joined(const planned_check& check) {
  std::string out = check.name + ':';
  for (const auto& word : check.argv)
    out += ' ' + word;
  return out + (check.blocking ? "" : " (warns)");
}

std::vector<std::string> names(const std::vector<planned_check>& checks) {
  std::vector<std::string> out;
  for (const auto& check : checks)
    out.push_back(joined(check));
  return out;
}

using texts = std::vector<std::string>;

std::string mistake(const std::string& yaml) {
  const auto out = read_own_checks(yaml);
  REQUIRE_FALSE(out);
  CHECK(out.error().code == failure_code::configuration);
  return out.error().what;
}

} // namespace

TEST_CASE("a repository without anything to check has no checks") {
  CHECK(plan({{"a.py", ""}}).empty());
  CHECK(plan({{"package.json", "{}"}}).empty());
}

TEST_CASE("the checks of the contract, in its order") {
  const auto checks =
    plan({{"tsconfig.json", "{}"},
          {"package.json", R"({"scripts": {"lint": "eslint", "test": "jest"},
                          "devDependencies": {"@playwright/test": "1"}})"},
          {"playwright.config.ts", ""},
          {".pj.yaml", "validate:\n  - {name: own, command: make check}\n"}},
         {{"spec", "true", false, std::chrono::minutes{1}}});
  CHECK(names(checks) ==
        texts{"types: npx --no-install tsc --noEmit",
              "lint: npm run lint (warns)", "tests: npm test",
              "browser tests: npx --no-install playwright test "
              "--reporter=list",
              "own: sh -c make check", "spec: sh -c true (warns)"});
  CHECK(checks[0].needs_node_modules);
  CHECK_FALSE(checks[4].needs_node_modules);
  CHECK(checks[5].timeout == std::chrono::minutes{1});
}

TEST_CASE("variants of the contract's conditions") {
  CHECK(names(plan({{"tsconfig.base.json", ""}})) ==
        texts{"types: npx --no-install tsc --noEmit -p tsconfig.base.json"});
  CHECK(names(plan({{"package.json", R"({"scripts":{"test:unit":"x"}})"}})) ==
        texts{"tests: npm run test:unit"});
  CHECK(names(plan(
          {{"package.json",
            R"({"scripts":{"test":"echo \"Error: no test specified\" && exit 1",
                     "test:unit":"x"}})"}})) ==
        texts{"tests: npm run test:unit"});
  CHECK(plan({{"playwright.config.js", ""}, {"package.json", "{}"}}).empty());
  CHECK(plan({{"sub/tsconfig.json", ""}}).empty());
}

TEST_CASE("a manifest that is broken or strange calls for nothing") {
  for (const auto* text :
       {"", "{", "[]", "null", "{\"scripts\": 3}",
        "{\"scripts\": {\"test\": 3}}", "{\"scripts\": {\"test\": null}}"}) {
    CAPTURE(text);
    CHECK(plan({{"package.json", text}}).empty());
  }
}

TEST_CASE("own checks that call node need its packages") {
  const auto needs = [](const std::string& command) {
    return plan({{"package.json", "{}"}}, {{"x", command, true, {}}})[0]
      .needs_node_modules;
  };
  CHECK(needs("npx vitest"));
  CHECK(needs("cd web && npm run x"));
  CHECK(needs("./node_modules/.bin/tsc"));
  CHECK_FALSE(needs("make nodes"));
  CHECK_FALSE(plan({}, {{"x", "npx vitest", true, {}}})[0].needs_node_modules);
}

TEST_CASE("two checks never have the same name") {
  const auto checks =
    plan({{"package.json", R"({"scripts":{"test":"x"}})"}},
         {{"tests", "a", true, {}}, {"tests", "b", true, {}}});
  CHECK(names(checks) ==
        texts{"tests: npm test", "tests 2: sh -c a", "tests 3: sh -c b"});
}

TEST_CASE(".pj.yaml is read with its defaults") {
  const auto out = read_own_checks("# ours\nvalidate:\n"
                                   "  - name: unit\n    command: make test\n"
                                   "  - name: slow one\n    command: |\n"
                                   "      a\n      b\n"
                                   "    blocking: false\n    timeout: 2h\n");
  REQUIRE(out);
  REQUIRE(out->size() == 2);
  CHECK((*out)[0].blocking);
  CHECK((*out)[0].timeout == std::chrono::minutes{10});
  CHECK((*out)[1].command == "a\nb");
  CHECK_FALSE((*out)[1].blocking);
  CHECK((*out)[1].timeout == std::chrono::hours{2});
  CHECK(read_own_checks("")->empty());
  CHECK(read_own_checks("validate:\n")->empty());
  CHECK(read_own_checks("validate: []")->empty());
  CHECK(read_own_checks("validate: [{name: a, command: b, timeout: 90}]")
          ->front()
          .timeout == std::chrono::seconds{90});
}

TEST_CASE("the README's example of .pj.yaml is read") {
  std::ifstream in(PJ_SOURCE_DIR "/README.md");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto begin = text.find("```yaml\nvalidate:");
  REQUIRE(begin != text.npos);
  const auto yaml = text.substr(begin + 8);
  const auto out = read_own_checks(yaml.substr(0, yaml.find("```")));
  REQUIRE(out);
  REQUIRE(out->size() == 2);
  CHECK((*out)[0].name == "unit");
  CHECK((*out)[0].command == "make test");
  CHECK((*out)[0].blocking);
  CHECK((*out)[0].timeout == std::chrono::minutes(10));
  CHECK_FALSE((*out)[1].blocking);
}

TEST_CASE("what is wrong in .pj.yaml is said with its line") {
  const auto at = [](const std::string& yaml, const std::string& start) {
    CAPTURE(yaml);
    const auto what = mistake(yaml);
    CAPTURE(what);
    CHECK(what.starts_with(".pj.yaml" + start));
    CHECK(what.find('\n') == what.npos);
  };
  at("- a", " line 1: starts with validate:");
  at("checks: []", " line 1: \"checks\" is not known");
  at("validate: x", " line 1: validate is a list");
  at("validate:\n  - x", " line 2: a check needs name and command");
  at("validate:\n  - name: a", " line 2: a check needs a command");
  at("validate:\n  - command: a", " line 2: a check needs a name");
  at("validate:\n  - name: a\n    run: b", " line 3: \"run\" is not known");
  at("validate:\n  - name: a\n    command: []",
     " line 3: command must be text");
  at("validate:\n  - name: a;b\n    command: x", " line 2: \"a;b\" is no name");
  at("validate:\n  - name: a\n    command: b\n    blocking: maybe",
     " line 4: blocking is true or false");
  for (const auto* time : {"0", "-1", "7h", "10 m", "x", "99999999999999999999",
                           "1.5h", "[]", "\"\""})
    at(std::string("validate:\n  - name: a\n    command: b\n    timeout: ") +
         time,
       " line 4: timeout is a time");
  at("validate:\n  - {name: a, command: b}\n  - {name: a, command: c}",
     " line 3: two checks are named a");
  at("validate:\n  - {name: [", " line ");
  at("validate:\n\t- x", " line 2: ");
  at(std::string(20'000, '['), "");
  at(std::string(70'000, ' '), ": longer than 64 KiB");
  at("validate: [{name: a, command: \"x\\0y\"}]", " line 1: command has a NUL");
  std::string many = "validate:\n";
  for (int i = 0; i < 51; ++i)
    many += "  - {name: n" + std::to_string(i) + ", command: x}\n";
  at(many, " line 2: more than 50 checks");
}

TEST_CASE("a malformed .pj.yaml fails the plan") {
  const memory_tree tree{{".pj.yaml", "validate: 3"}};
  CHECK_FALSE(plan_checks(tree, {}));
}

TEST_CASE("paths, times, numbers and colours do not make a failure new") {
  const std::string base = "\x1b[31mFAIL\x1b[0m /tmp/a1/src/x.test.ts (1.2 s)\n"
                           "  Error: expected 3 to be 4 at line 12:7\n"
                           "Tests: 1 failed, 20 passed\nTime: 950ms\n";
  const std::string now = "FAIL /tmp/b22/src/x.test.ts (15 ms)\n"
                          "  Error: expected 5 to be 4 at line 120:17\n"
                          "Tests: 1 failed, 23 passed\nTime: 1.02 s\n"
                          "✓ one more that passes\n";
  CHECK(fails_the_same(1, base, 1, now));
  CHECK_FALSE(fails_the_same(1, base, 2, now));
  CHECK_FALSE(fails_the_same(0, base, 0, now));
}

TEST_CASE("a failing line that the base lacks is a new failure") {
  const std::string base = "FAIL a.test.ts\nerror TS2304: no name x\n";
  CHECK_FALSE(fails_the_same(1, base, 1, base + "FAIL b.test.ts\n"));
  CHECK_FALSE(fails_the_same(1, base, 1, base + "error TS2551: no name x\n"));
  CHECK(fails_the_same(1, base, 1, "FAIL a.test.ts\n"));
  // Twice what was there once.
  CHECK_FALSE(fails_the_same(1, "x failed 1\n", 1, "x failed 1\nx failed 2\n"));
}

TEST_CASE("outputs without any word for failing are compared line by line") {
  CHECK(fails_the_same(3, "bad weather\n", 3, "bad weather\n"));
  CHECK_FALSE(fails_the_same(3, "bad weather\n", 3, "worse weather\n"));
  CHECK(fails_the_same(3, "", 3, ""));
  CHECK(fails_the_same(124, "started\n", 124, ""));
}

TEST_CASE("a report is good unless a check blocks") {
  validation_report report;
  CHECK(report.ok());
  for (const auto outcome :
       {check_outcome::passed, check_outcome::warned, check_outcome::not_run,
        check_outcome::already_failing})
    report.checks.push_back({"x", outcome, {}, {}});
  CHECK(report.ok());
  report.checks.push_back({"y", check_outcome::failed, {}, {}});
  CHECK_FALSE(report.ok());
}
