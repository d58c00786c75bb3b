#include "core/batch/spec.hpp"
#include "said.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <ctime>
#include <string>

using namespace pj::batch;
using namespace std::chrono_literals;

namespace {

const std::string small = R"(name: bump-node
repositories:
  - https://github.com/acme/app
prompt: Use Node 22.
)";

spec read(const std::string& yaml) {
  problem_log problems;
  auto out = read_spec(yaml, "b.yaml", problems);
  INFO(told(problems));
  REQUIRE(problems.empty());
  return out;
}

std::string problems_of(const std::string& yaml) {
  problem_log problems;
  read_spec(yaml, "b.yaml", problems);
  return told(problems);
}

/// What is wrong with the small spec and one line more, which is line 5.
std::string with(const std::string& line) {
  return problems_of(small + line + "\n");
}

} // namespace

TEST_CASE("a small spec leaves the rest to defaults") {
  const auto s = read(small);
  CHECK(s.name == "bump-node");
  REQUIRE(s.repositories.size() == 1);
  CHECK(s.repositories[0].kind == source_kind::one);
  CHECK(s.repositories[0].own.url == "https://github.com/acme/app");
  CHECK(s.repositories[0].own.at.line == 3);
  CHECK(s.repositories[0].own.at.column == 5);
  CHECK(s.prompt.text == "Use Node 22.");
  CHECK(s.publish == publishing::yes);
  CHECK(s.conflict == pj::branch_conflict::refuse);
  CHECK(s.filter.skip_forks);
  CHECK(s.filter.skip_archived);
  CHECK_FALSE(s.limits.batch_cost);
}

TEST_CASE("every key of a spec is read") {
  const auto s = read(R"(name: all
repositories:
  - url: https://github.com/acme/app
    base: develop
    commit: 0123456789ABCDEF0123456789abcdef01234567
    github: acme/app
    prompt: Other words for {{repo.name}}.
    branch: mine/{{task.id}}
    provider: Anthropic
    model: claude-x
    priority: -3
  - file: repos.txt
  - csv: "-"
  - organization: acme
  - user: jane
  - topic: node
  - search: "language:js stars:>10"
include: acme/*
exclude: ["acme/old-*", "**/legacy"]
skip_forks: false
skip_archived: no
prompt: |
  Many
  lines.
base: trunk
branch: fix/{{batch.name}}-{{repo.name}}
commit: |
  Bump node

  For {{repo.full_name}}.
pr:
  title: Bump node in {{repo.name}}
  body: "{{body}} by {{batch.name}}"
  labels: [deps, "two words"]
  assignees: jane
  reviewers: [joe]
  team_reviewers: [acme/tools]
provider: openrouter
model: a/b
validate:
  - name: unit
    command: make test
    blocking: false
    timeout: 2m
limits:
  concurrency: {tasks: 100000, fetch: 2, llm: 8, validate: 1, push: 3, github: 4}
  max_cost: {task: 0.25, batch: 20}
  max_tokens: {task: 1000, batch: 500000}
  timeout: 25m
  max_open_prs: 7
publish: draft
conflict: update
priority: 9
)");
  REQUIRE(s.repositories.size() == 7);
  const auto& own = s.repositories[0].own;
  CHECK(own.base == "develop");
  CHECK(own.commit == "0123456789abcdef0123456789abcdef01234567");
  CHECK(own.github == "acme/app");
  CHECK(own.prompt.text == "Other words for {{repo.name}}.");
  CHECK(own.branch.text == "mine/{{task.id}}");
  CHECK(own.provider == "anthropic");
  CHECK(own.model == "claude-x");
  CHECK(own.priority == -3);
  const source_kind kinds[] = {source_kind::one,   source_kind::lines,
                               source_kind::csv,   source_kind::organization,
                               source_kind::user,  source_kind::topic,
                               source_kind::search};
  for (std::size_t i = 0; i < 7; ++i)
    CHECK(s.repositories[i].kind == kinds[i]);
  CHECK(s.repositories[2].value == "-");
  CHECK(s.repositories[6].value == "language:js stars:>10");
  CHECK(is_listing(s.repositories[3].kind));
  CHECK_FALSE(is_listing(s.repositories[2].kind));
  CHECK(s.filter.include == std::vector<std::string>{"acme/*"});
  CHECK(s.filter.exclude ==
        std::vector<std::string>{"acme/old-*", "**/legacy"});
  CHECK_FALSE(s.filter.skip_forks);
  CHECK_FALSE(s.filter.skip_archived);
  CHECK(s.prompt.text == "Many\nlines.");
  CHECK(s.base == "trunk");
  CHECK(s.commit.text == "Bump node\n\nFor {{repo.full_name}}.");
  CHECK(s.title.text == "Bump node in {{repo.name}}");
  CHECK(s.body.text == "{{body}} by {{batch.name}}");
  CHECK(s.pr_extras.labels == std::vector<std::string>{"deps", "two words"});
  CHECK(s.pr_extras.assignees == std::vector<std::string>{"jane"});
  CHECK(s.pr_extras.team_reviewers == std::vector<std::string>{"acme/tools"});
  CHECK(s.provider == "openrouter");
  REQUIRE(s.validate.size() == 1);
  CHECK(s.validate[0].command == "make test");
  CHECK_FALSE(s.validate[0].blocking);
  CHECK(s.validate[0].timeout == 2min);
  CHECK(s.limits.concurrency.tasks == 100'000u);
  CHECK(s.limits.concurrency.github == 4u);
  CHECK(s.limits.task_cost == 0.25);
  CHECK(s.limits.batch_cost == 20.0);
  CHECK(s.limits.task_tokens == 1'000u);
  CHECK(s.limits.timeout == 25min);
  CHECK(s.limits.max_open_prs == 7u);
  CHECK(s.publish == publishing::draft);
  CHECK(s.conflict == pj::branch_conflict::update);
  CHECK(s.priority == 9);
}

TEST_CASE("a plain number limits the tasks at work") {
  const auto s = read(small + "limits: {concurrency: 4}\n");
  CHECK(s.limits.concurrency.tasks == 4u);
}

TEST_CASE("publish and its words") {
  CHECK(read(small + "publish: true\n").publish == publishing::yes);
  CHECK(read(small + "publish: \"no\"\n").publish == publishing::no);
  CHECK(read(small + "publish: Draft\n").publish == publishing::draft);
}

TEST_CASE("a problem of one line names line, column, key and cure") {
  struct row {
    const char* line;
    const char* told;
  };
  const row rows[] = {
    {"prompts: x", "b.yaml:5:1: prompts: there is no such key; did you mean "
                   "prompt?\n"},
    {"name: again", "b.yaml:5:1: name: it is given twice: keep one\n"},
    {"base: [a]", "b.yaml:5:7: base: takes one plain value, not a list\n"},
    {"base: {a: b}", "b.yaml:5:7: base: takes one plain value, not a "
                     "mapping\n"},
    {"base:", "b.yaml:5:1: base: it is empty: give a value or leave the key "
              "out\n"},
    {"base: a..b", "b.yaml:5:7: base: \"a..b\": git does not take it as a "
                   "branch name\n"},
    {"base: \"a\\nb\"", "b.yaml:5:7: base: \"a\\nb\": it has a line break or "
                        "another control character\n"},
    {"base: \"a\\0b\"", "b.yaml:5:7: base: \"a\\x00b\": it has a line break or "
                        "another control character\n"},
    {"provider: closedai", "b.yaml:5:11: provider: \"closedai\": use openai, "
                           "anthropic or openrouter\n"},
    {"publish: maybe", "b.yaml:5:10: publish: \"maybe\": use true, false, "
                       "draft, yes or no\n"},
    {"conflict: merge", "b.yaml:5:11: conflict: \"merge\": use skip, replace "
                        "or update\n"},
    {"priority: 101", "b.yaml:5:11: priority: \"101\": use a whole number from "
                      "-100 to 100\n"},
    {"priority: 1.5", "b.yaml:5:11: priority: \"1.5\": use a whole number from "
                      "-100 to 100\n"},
    {"skip_forks: 1", "b.yaml:5:13: skip_forks: \"1\": use true, false, yes or "
                      "no\n"},
    {"include: ['a[b]']", "b.yaml:5:11: include[0]: \"a[b]\": patterns have "
                          "'*', '**' and '?' only, like acme/*\n"},
    {"pr: {labels: ['a,b']}", "b.yaml:5:15: pr.labels[0]: \"a,b\": names have "
                              "no comma: use a list\n"},
    {"pr: {labels: [a, b, a]}", "b.yaml:5:21: pr.labels[2]: \"a\" is given "
                                "twice: keep one\n"},
    {"pr: text", "b.yaml:5:5: pr: it takes keys and values, like \"title: "
                 "…\"\n"},
    {"pr: {body: a, body_file: b}",
     "b.yaml:5:5: pr: body and body_file exclude each other: keep one\n"},
    {"limits: {concurrency: 0}",
     "b.yaml:5:23: limits.concurrency: \"0\": use a whole number from 1 to "
     "100000\n"},
    {"limits: {concurrency: {llm: 10001}}",
     "b.yaml:5:29: limits.concurrency.llm: \"10001\": use a whole number from "
     "1 to 10000\n"},
    {"limits: {max_cost: {task: nan}}",
     "b.yaml:5:27: limits.max_cost.task: \"nan\": use US dollars, more than 0 "
     "and at most 1000000, like 0.50\n"},
    {"limits: {max_cost: {task: -1}}",
     "b.yaml:5:27: limits.max_cost.task: \"-1\": use US dollars, more than 0 "
     "and at most 1000000, like 0.50\n"},
    {"limits: {max_cost: 3}",
     "b.yaml:5:20: limits.max_cost: it takes keys and values, like \"task: "
     "…\"\n"},
    {"limits: {max_cost: {task: 3, batch: 2}}",
     "b.yaml:5:20: limits.max_cost: a task may cost more than the batch: make "
     "batch the larger\n"},
    {"limits: {timeout: 25}",
     "b.yaml:5:19: limits.timeout: \"25\": use a time with its unit such as "
     "90s, 25m or 2h, at most 168h\n"},
    {"limits: {timeout: 169h}",
     "b.yaml:5:19: limits.timeout: \"169h\": use a time with its unit such as "
     "90s, 25m or 2h, at most 168h\n"},
    {"limits: {timeuot: 5m}",
     "b.yaml:5:10: limits.timeuot: there is no such key; did you mean "
     "timeout?\n"},
    {"validate: [{name: a}]",
     "b.yaml:5:12: validate[0]: a check needs a command\n"},
    {"validate: [{name: a, command: b}, {name: a, command: c}]",
     "b.yaml:5:35: validate[1]: two checks are named a: rename one\n"},
    {"validate: [{name: a, command: b, when: c}]",
     "b.yaml:5:34: validate[0]: \"when\" is not known; name, command, "
     "blocking, timeout\n"},
    {"tasks: t.jsonl", "b.yaml:1:1: repositories and tasks exclude each "
                       "other: keep one\n"},
    {"prompt_file: p.md", "b.yaml:1:1: prompt and prompt_file exclude each "
                          "other: keep one\n"},
    {"? [a]\n: b", "b.yaml:5:3: a key must be a plain word\n"},
    {"<<: {base: x}", "b.yaml:5:1: <<: there is no such key"},
  };
  for (const auto& r : rows) {
    INFO(r.line);
    CHECK(with(r.line).starts_with(r.told));
  }
}

TEST_CASE("repositories are checked one by one") {
  struct row {
    const char* item;
    const char* told;
  };
  const row rows[] = {
    {"github.com/acme/app", "b.yaml:3:5: repositories[0]: "},
    {"https://user:pw@github.com/a/b",
     "b.yaml:3:5: repositories[0]: \"https://***@github.com/a/b\": credentials "
     "inside the URL are refused"},
    {"{url: --upload-pack=x}", "b.yaml:3:11: repositories[0].url: "},
    {"{base: main}", "b.yaml:3:5: repositories[0]: url is missing"},
    {"{url: https://h/a/b, commit: abc}",
     "b.yaml:3:34: repositories[0].commit: \"abc\": a commit is 40 hex digits"},
    {"{url: https://h/a/b, file: r.txt}",
     "b.yaml:3:5: repositories[0]: an item is one repository or one source"},
    {"{file: a, csv: b}",
     "b.yaml:3:5: repositories[0]: an item is one repository or one source"},
    {"{org: acme}", "b.yaml:3:6: repositories[0].org: there is no such key"},
    {"{organization: -x}", "b.yaml:3:20: repositories[0].organization: \"-x\": "
                           "use a login name, without @"},
    {"{topic: No Good}", "b.yaml:3:13: repositories[0].topic: "},
    {"[a, b]", "b.yaml:3:5: repositories[0]: takes one plain value, not a "
               "list"},
    {"{url: https://h/a/b, branch: 'x{{nope}}'}",
     "b.yaml:3:36: repositories[0].branch: there is no {{nope}}; use "
     "{{repo.name}}, "},
  };
  for (const auto& r : rows) {
    INFO(r.item);
    const auto told = problems_of("name: a\nrepositories:\n  - " +
                                  std::string(r.item) + "\nprompt: b\n");
    CHECK(told.starts_with(r.told));
  }
}

TEST_CASE("what is missing is told at once") {
  CHECK(problems_of("base: main\n") ==
        "b.yaml:1:1: name is missing: name the batch, like \"name: "
        "bump-node\"\n"
        "b.yaml:1:1: repositories are missing: list them, or name a file of "
        "tasks (tasks: tasks.jsonl)\n"
        "b.yaml:1:1: prompt is missing: say what is to be done (prompt, or "
        "prompt_file)\n");
  CHECK(problems_of("name: a\ntasks: t.jsonl\n").empty());
}

TEST_CASE("names of a batch are fit for task ids and branches") {
  for (const char* name : {"../x", "a b", "-a", "a..b", "a.lock", "", "ä"}) {
    INFO(name);
    const auto told =
      problems_of("name: \"" + std::string(name) + "\"\ntasks: t\n");
    CHECK(told.starts_with("b.yaml:1:7: name: "));
  }
  CHECK(problems_of("name: " + std::string(65, 'a') + "\ntasks: t\n") != "");
}

TEST_CASE("unknown placeholders are told with their own place") {
  const auto told = problems_of(R"(name: a
repositories: [https://github.com/acme/app]
prompt: |
  For {{repo.name}} and
  for {{ repo.nam }} again
  and {{task}}.
pr:
  title: "quoted {{x}}"
  body: "{{checks}} {{cost}} {{costs}}"
)");
  CHECK(told.find("b.yaml:5:7: prompt: there is no {{repo.nam}}; use "
                  "{{repo.name}}, {{repo.owner}}, {{repo.full_name}}, "
                  "{{repo.url}}, {{repo.host}}, {{repo.commit}}, "
                  "{{batch.name}}, {{task.id}}, or ") != told.npos);
  CHECK(told.find("b.yaml:6:7: prompt: there is no {{task}}") != told.npos);
  CHECK(told.find("b.yaml:8:18: pr.title: there is no {{x}}") != told.npos);
  CHECK(told.find("b.yaml:9:30: pr.body: there is no {{costs}}") != told.npos);
  CHECK(told.find("{{checks}};") == told.npos);
}

TEST_CASE("braces of others are no placeholders") {
  CHECK(problems_of(R"(name: a
repositories: [https://github.com/acme/app]
prompt: |
  Keep ${{ matrix.node }} and \{{ .Values.image }} as they are.
)") == "");
}

TEST_CASE("at most 20 problems are shown and the rest counted") {
  std::string yaml = small;
  for (int i = 0; i < 30; ++i)
    yaml += "zz" + std::to_string(i) + ": 1\n";
  problem_log problems;
  read_spec(yaml, "b.yaml", problems);
  CHECK(problems.count() == 30);
  const auto lines = problems.lines();
  REQUIRE(lines.size() == 21);
  CHECK(lines[20] == "and 10 more problems: mend these first");
}

TEST_CASE("hostile YAML gets one clear line") {
  struct row {
    std::string yaml;
    const char* told;
  };
  std::string bomb = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 30; ++i)
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" +
            std::to_string(i - 1) + ", *a" + std::to_string(i - 1) + "]\n";
  const auto deep = [](const char* piece, std::size_t n) {
    std::string out;
    for (std::size_t i = 0; i < n; ++i)
      out += piece;
    return out;
  };
  const row rows[] = {
    {"", "b.yaml: it is empty"},
    {"# nothing\n", "b.yaml: it is empty"},
    {"---\n", "b.yaml: it is empty"},
    {small + "---\n" + small, "b.yaml: it has several documents (---)"},
    {std::string("na\0me: x", 8), "b.yaml:1:3: a NUL byte"},
    {"name: a\nbase: \xff\xfe", "b.yaml:2:7: not valid UTF-8"},
    {std::string("\xff\xfen\0a\0", 6), "b.yaml:1:1: not valid UTF-8"},
    {"name: [a", "b.yaml:1:1: not valid YAML: "},
    {"name: \"a", "b.yaml:1:9: not valid YAML: "},
    {"\t- x", "b.yaml:1:"},
    {"name: *nobody\n", "b.yaml:1:7: not valid YAML: "},
    {std::string(longest_spec + 1, '#'), "b.yaml: it has 1048577 bytes, at "
                                         "most 1048576 are accepted"},
    {deep("[", 100'000), "b.yaml:1:"},
    {deep("{a: ", 100'000), "b.yaml:1:"},
    {deep("- ", 100'000), "b.yaml:1:"},
    {deep("? ", 100'000), "b.yaml:1:"},
    {"just words", "b.yaml:1:1: it takes keys and values, like \"name: …\""},
    {"[1, 2]", "b.yaml:1:1: it takes keys and values, like \"name: …\""},
    {"!!binary aGk=", "b.yaml:1:"},
    {bomb, "b.yaml:1:1: a0: there is no such key"},
    {"name: &a [*a]\ntasks: t\n", "b.yaml:1:"},
    {"name: \"\\ud800\"\ntasks: t\n", "b.yaml:1:14: not valid YAML: "},
    {small + "base: \"\\e[31m\\u202e\"\n", "b.yaml:5:7: base: \"\\x1b[31m"},
  };
  for (const auto& r : rows) {
    INFO(r.yaml.substr(0, 60));
    problem_log problems;
    read_spec(r.yaml, "b.yaml", problems);
    REQUIRE_FALSE(problems.empty());
    const auto first = problems.lines()[0];
    INFO(first);
    CHECK(first.starts_with(r.told));
    CHECK(first.find('\n') == first.npos);
    CHECK(first.size() < 1'300);
  }
}

TEST_CASE("large but honest specs are read in no time") {
  std::string yaml = "name: a\nprompt: b\nrepositories:\n";
  for (int i = 0; i < 9'000; ++i)
    yaml += "- https://github.com/acme/r" + std::to_string(i) + "\n";
  const auto begin = std::clock();
  CHECK(read(yaml).repositories.size() == 9'000);
  CHECK(std::clock() - begin < 5 * CLOCKS_PER_SEC);
}
