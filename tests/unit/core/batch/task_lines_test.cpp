#include "core/batch/task_list.hpp"
#include "said.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj::batch;
using pj::settings;

namespace {

const settings keys = {{"OPENAI_API_KEY", {"sk-1", "OPENAI_API_KEY"}}};

struct made {
  task_list list;
  std::string problems;
};

made read(std::string_view lines,
          std::string_view yaml = "name: b\ntasks: t.jsonl\n") {
  problem_log problems;
  const auto s = read_spec(yaml, "b.yaml", problems);
  INFO(told(problems));
  REQUIRE(problems.empty());
  auto list = read_task_lines(s, lines, "t.jsonl", keys,
                              pj::llm::model_table::built_in(), problems);
  return {std::move(list), told(problems)};
}

} // namespace

TEST_CASE("every line is a task with the names of the contract") {
  const auto m = read(
    "\xef\xbb\xbf"
    R"({"TARGET_REPO":"https://h.com/a/b","TASK_ID":"t-1","AGENT_PROMPT":"One {{x}}","PR_LABELS":["p","q"],"TASK_TIMEOUT_MINUTES":1.5,"PR_DRAFT":true,"MODEL":null})"
    "\r\n\n"
    R"(  {"TARGET_REPO":"https://h.com/a/b","TASK_ID":2,"AGENT_PROMPT":"T\u0077o","BRANCH_NAME":"x/y","BASE_BRANCH":"dev"} )");
  CHECK(m.problems == "");
  REQUIRE(m.list.tasks.size() == 2);
  const auto& one = m.list.tasks[0].spec;
  CHECK(one.id == "t-1");
  CHECK(one.prompt == "One {{x}}");
  CHECK(one.branch == "pj/t-1");
  CHECK(one.pr_extras.labels == std::vector<std::string>{"p", "q"});
  CHECK(one.timeout == std::chrono::seconds(90));
  CHECK(one.pr_draft);
  CHECK(one.model == "gpt-4o");
  const auto& two = m.list.tasks[1];
  CHECK(two.spec.id == "2");
  CHECK(two.spec.prompt == "Two");
  CHECK(two.spec.branch == "x/y");
  CHECK(two.spec.base == "dev");
  CHECK(two.at.line == 3);
}

TEST_CASE("what a line does not say is the spec's") {
  const auto m = read(R"({"TARGET_REPO":"https://h.com/a/b"}
{"TARGET_REPO":"https://h.com/a/c","AGENT_PROMPT":"mine","PR_TITLE":"t"}
)",
                      "name: b\ntasks: t\nprompt: For {{repo.name}}\n"
                      "branch: z/{{task.id}}\npr: {title: 'T {{repo.name}}'}\n"
                      "commit: c\nlimits: {timeout: 3m}\n");
  CHECK(m.problems == "");
  REQUIRE(m.list.tasks.size() == 2);
  const auto& first = m.list.tasks[0].spec;
  CHECK(first.prompt == "For b");
  CHECK(first.title == "T b");
  CHECK(first.branch == "z/" + first.id);
  CHECK(first.message == "c");
  CHECK(first.timeout == std::chrono::minutes(3));
  CHECK(m.list.tasks[1].spec.prompt == "mine");
  CHECK(m.list.tasks[1].spec.title == "t");
}

TEST_CASE("tasks without ids get some that stay, by what they ask") {
  const auto a = R"({"TARGET_REPO":"https://h.com/a/b","AGENT_PROMPT":"x"})";
  const auto b = R"({"TARGET_REPO":"https://h.com/a/b","AGENT_PROMPT":"y"})";
  const auto both = read(std::string(a) + "\n" + b);
  CHECK(both.problems == "");
  REQUIRE(both.list.tasks.size() == 2);
  const auto turned = read(std::string(b) + "\n" + a);
  CHECK(both.list.tasks[0].spec.id == turned.list.tasks[1].spec.id);
  CHECK(both.list.tasks[1].spec.id == turned.list.tasks[0].spec.id);
  CHECK(both.list.tasks[0].spec.id != both.list.tasks[1].spec.id);
}

TEST_CASE("a line's problems have line and column") {
  struct row {
    std::string line;
    const char* told;
  };
  const std::string good = R"("TARGET_REPO":"https://h.com/a/b")";
  std::string deep(100'000, '[');
  const row rows[] = {
    {"{", "t.jsonl:2:2: not valid JSON here: each line is one object, like "},
    {"{\"TARGET_REPO\":}", "t.jsonl:2:16: not valid JSON here"},
    {"{} x", "t.jsonl:2:4: not valid JSON here"},
    {"nonsense", "t.jsonl:2:2: not valid JSON here"},
    {"5", "t.jsonl:2:1: each line is one object"},
    {"[]", "t.jsonl:2:1: each line is one object"},
    {deep, "t.jsonl:2:1: each line is one object"},
    {"{\"a\":" + deep, "t.jsonl:2:2: a: there is no such key"},
    {"{}", "t.jsonl:2:1: TARGET_REPO is missing"},
    {"{" + good + "}", "t.jsonl:2:1: AGENT_PROMPT is not set: say what"},
    {"{" + good + ", \"AGENT_PROMT\": \"x\"}",
     "t.jsonl:2:37: AGENT_PROMT: there is no such key; did you mean "
     "AGENT_PROMPT?"},
    {"{" + good + "," + good + "}",
     "t.jsonl:2:36: TARGET_REPO: it is given twice: keep one"},
    {"{\"OPENAI_API_KEY\":\"sk-secret\"}",
     "t.jsonl:2:2: OPENAI_API_KEY: it is a secret: set it in the "
     "environment\n"},
    {"{\"OPENAI_BASE_URL\":\"http://evil\"}",
     "t.jsonl:2:2: OPENAI_BASE_URL: it is the same for all tasks: set it in "
     "the environment\n"},
    {"{\"MODEL\":{\"a\":1}}",
     "t.jsonl:2:2: MODEL: takes one plain value, not an object"},
    {"{\"MODEL\":[\"a\"]}",
     "t.jsonl:2:2: MODEL: takes one plain value, not a list"},
    {"{\"PR_LABELS\":[[\"a\"]]}",
     "t.jsonl:2:2: PR_LABELS: takes a list of plain values"},
    {"{\"PR_LABELS\":[\"a,b\"]}", "t.jsonl:2:2: PR_LABELS: names have no "
                                  "comma"},
    {"{" + good + R"(,"AGENT_PROMPT":"x","TASK_ID":"../x"})",
     "t.jsonl:2:55: TASK_ID: \"../x\": use 1 to 128 letters"},
    {"{" + good + R"(,"AGENT_PROMPT":"a\u0000b"})",
     "t.jsonl:2:36: AGENT_PROMPT: \"a\\x00b\": line 1 has a control "
     "character"},
    {"{" + good + R"(,"AGENT_PROMPT":"\ud800"})", "t.jsonl:2:"},
    {"{" + good + R"(,"AGENT_PROMPT":"x","KEEP_ALIVE":true})",
     "t.jsonl:2:55: KEEP_ALIVE: it is the same for all tasks"},
    {R"({"TARGET_REPO":"https://u:p@h.com/a/b","AGENT_PROMPT":"x"})",
     "t.jsonl:2:2: TARGET_REPO: \"https://***@h.com/a/b\": credentials"},
    {"\x01", "t.jsonl:2:1: not valid JSON here"},
  };
  for (const auto& r : rows) {
    INFO(r.line.substr(0, 100));
    const auto m = read("\n" + r.line + "\n");
    INFO(m.problems);
    CHECK(m.problems.starts_with(r.told));
    CHECK(m.list.tasks.empty());
    CHECK(m.problems.find("sk-secret") == m.problems.npos);
  }
}

TEST_CASE("ids and branches are unique in a file of tasks") {
  const auto line = [](const char* id, const char* branch) {
    return R"({"TARGET_REPO":"https://h.com/a/b","AGENT_PROMPT":"x","TASK_ID":")" +
           std::string(id) + R"(","BRANCH_NAME":")" + branch + "\"}\n";
  };
  CHECK(read(line("a", "x") + line("a", "y")).problems ==
        "t.jsonl:2:1: the task id a is taken: t.jsonl:1:1 has it, too\n");
  CHECK(read(line("a", "x") + line("b", "x"))
          .problems.starts_with("t.jsonl:2:1: the branch x of this repository "
                                "is taken by t.jsonl:1:1"));
}

TEST_CASE("a file of tasks that is none gets one line") {
  CHECK(read("\n \n").problems ==
        "t.jsonl: it has no task: write one JSON object on each line\n");
  CHECK(read(std::string_view("{}\n\0", 4)).problems ==
        "t.jsonl:2:1: a NUL byte: save it as plain UTF-8 text\n");
  CHECK(read("{}\n\xff").problems ==
        "t.jsonl:2:1: not valid UTF-8: save it as plain UTF-8 text\n");
}
