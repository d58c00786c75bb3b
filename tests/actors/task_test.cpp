#include "tests/actors/whole_engine.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <nlohmann/json.hpp>

#include <set>

namespace {

using namespace pj;
using namespace std::chrono_literals;
using test::bad_answer;
using test::good_answer;

failure interrupted() {
  return {failure_class::cancelled,
          failure_code::interrupted,
          "interrupted by SIGINT",
          {},
          {}};
}

struct fixture : test::whole_engine {
  std::vector<nlohmann::json> events() const {
    std::vector<nlohmann::json> all;
    for (const auto& r : receiver->requests)
      all.push_back(nlohmann::json::parse(*r.body));
    return all;
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "a task goes from prompt to pull request") {
  const auto x = outcome();
  CHECK(x.end == task_end::succeeded);
  CHECK(x.pr_url == "https://example.com/pr/7");
  CHECK(x.files == std::vector<std::string>{"README.md"});
  CHECK(x.rounds == 1);
  REQUIRE(git->pushes.size() == 1);
  CHECK(git->pushes[0].branch == "pj/t1");
  CHECK(git->pushes[0].commit.message ==
        "Pithy Jaunt: t1\n\nPithy-Jaunt-Task: t1\n");
  CHECK(git->pushes[0].commit.change->files[0].content == "hello, world\n");
  CHECK(watch->streamed == good_answer);
}

TEST_CASE_METHOD(fixture, "events tell each stage in order, then the end") {
  outcome();
  const auto all = events();
  REQUIRE(all.size() == 9);
  CHECK(all.front()["type"] == "task.progress");
  CHECK(all.front()["message"] == "Cloning repository...");
  CHECK(all[7]["type"] == "pr.created");
  CHECK(all[7]["prUrl"] == "https://example.com/pr/7");
  CHECK(all[8]["type"] == "task.completed");
  CHECK(all[8]["status"] == "success");
  CHECK(all[8]["prUrl"] == "https://example.com/pr/7");
}

TEST_CASE_METHOD(fixture, "a failed fetch is tried again after a while") {
  git->fetch_failures = {test::transient(), test::transient()};
  const auto x = outcome_after([this] { pass(10s); });
  CHECK(x.end == task_end::succeeded);
  CHECK(git->fetches == 3);
}

TEST_CASE_METHOD(fixture, "a final failure is not tried again") {
  git->fetch_failures = {test::permanent("wrong password")};
  const auto x = outcome();
  CHECK(x.end == task_end::failed);
  CHECK(x.why.what == "wrong password");
  CHECK(git->fetches == 1);
  CHECK(exit_code(x) == 1);
  CHECK(events().back()["type"] == "task.failed");
  CHECK(events().back()["error"] == "wrong password");
}

TEST_CASE_METHOD(fixture, "retries end some time") {
  for (int i = 0; i < 100; ++i)
    git->fetch_failures.push_back(test::transient("still down"));
  const auto x = outcome_after([this] { pass(20min, 1s); });
  CHECK(x.end == task_end::failed);
  CHECK(x.why.what == "still down");
  CHECK(git->fetches < 10);
}

TEST_CASE_METHOD(fixture, "a refused patch goes back to the model") {
  model->outcomes.clear();
  model->outcomes.push_back(test::answered_with(bad_answer));
  model->outcomes.push_back(test::answered_with(good_answer));
  const auto x = outcome();
  CHECK(x.end == task_end::succeeded);
  CHECK(x.rounds == 2);
  CHECK(x.tokens.input_tokens == 200);
  REQUIRE(model->calls.size() == 2);
  CHECK(model->calls[1].what->messages.size() >
        model->calls[0].what->messages.size());
}

TEST_CASE_METHOD(fixture, "what was repaired is told once and kept") {
  git->tree = std::make_shared<test::memory_tree>(
    std::map<std::string, std::string, std::less<>>{
      {"src/hello.py", "def greet():\n    return \"a long enough line\"\n"}});
  model->outcomes.clear();
  model->outcomes.push_back(test::answered_with(
    "old/hello.py\n```\n<<<<<<< SEARCH\n    return \"a long enough line\"\n"
    "=======\n    return \"another\"\n>>>>>>> REPLACE\n```\n"));
  const auto x = outcome();
  CHECK(x.end == task_end::succeeded);
  REQUIRE(x.warnings.size() == 1);
  CHECK(x.warnings[0].find("old/hello.py is not there") != std::string::npos);
  CHECK(watch->warnings == x.warnings);
}

TEST_CASE_METHOD(fixture, "wrong checks are told before the model is asked") {
  git->tree = std::make_shared<test::memory_tree>(
    std::map<std::string, std::string, std::less<>>{
      {"README.md", "hello\n"}, {".pj.yaml", "validate:\n  - name: unit\n"}});
  model->outcomes = {test::answered_with(
    good_answer +
    "\n.pj.yaml\n```\n<<<<<<< SEARCH\n  - name: unit\n=======\n"
    "  - name: unit\n    command: 'true'\n>>>>>>> REPLACE\n```\n")};
  outcome();
  REQUIRE_FALSE(watch->warnings.empty());
  CHECK(watch->warnings[0].starts_with(".pj.yaml line 2: "));
  CHECK(model->calls.size() == 1);
}

TEST_CASE_METHOD(fixture, "three refused patches need a person") {
  model->outcomes.clear();
  for (int i = 0; i < 3; ++i)
    model->outcomes.push_back(test::answered_with(bad_answer));
  const auto x = outcome();
  CHECK(x.end == task_end::failed);
  CHECK(exit_code(x) == 3);
  CHECK(model->calls.size() == 3);
  const auto error = events().back()["error"].get<std::string>();
  CHECK(error.find("patch") != std::string::npos);
  const auto message = events().back()["message"].get<std::string>();
  for (const auto& text : {message, x.why.details}) {
    CHECK(text.find("Send only") == std::string::npos);
    CHECK(text.find("README.md: the old text is not in the file") !=
          std::string::npos);
    CHECK(text.find("not there at all") != std::string::npos);
  }
  CHECK(git->pushes.empty());
}

TEST_CASE_METHOD(fixture, "a file refused twice is asked for whole") {
  model->outcomes.clear();
  model->outcomes.push_back(test::answered_with(bad_answer));
  model->outcomes.push_back(test::answered_with(bad_answer));
  model->outcomes.push_back(
    test::answered_with("README.md\n```\nhello, whole world\n```\n"));
  const auto x = outcome();
  CHECK(x.end == task_end::succeeded);
  REQUIRE(model->calls.size() == 3);
  const auto last = [this](std::size_t call) {
    return model->calls[call].what->messages.back().text;
  };
  CHECK(last(1).find("complete new content") == std::string::npos);
  CHECK(last(2).find("complete new content") != std::string::npos);
  CHECK(last(2).find("<file path=\"README.md\">\nhello\n") !=
        std::string::npos);
  CHECK(git->pushes[0].commit.change->files[0].content ==
        "hello, whole world\n");
}

TEST_CASE_METHOD(fixture, "edits that found their place are not lost") {
  git->tree = std::make_shared<test::memory_tree>(
    std::map<std::string, std::string, std::less<>>{
      {"README.md", "hello\n"}, {"other.md", "a long enough line\n"}});
  model->outcomes.clear();
  model->outcomes.push_back(test::answered_with(
    good_answer +
    "\nother.md\n```\n<<<<<<< SEARCH\nno such line here\n=======\nx\n"
    ">>>>>>> REPLACE\n```\n"));
  model->outcomes.push_back(test::answered_with(
    "other.md\n```\n<<<<<<< SEARCH\na long enough line\n=======\nnew\n"
    ">>>>>>> REPLACE\n```\n"));
  const auto x = outcome();
  CHECK(x.end == task_end::succeeded);
  CHECK(x.files == std::vector<std::string>{"README.md", "other.md"});
}

TEST_CASE_METHOD(fixture, "a refusal of the model is not a patch") {
  model->outcomes.clear();
  auto declined = test::answered_with("", llm::finish::refused);
  declined.answer->refusal = "I cannot help with that";
  model->outcomes.push_back(std::move(declined));
  const auto x = outcome();
  CHECK(exit_code(x) == 1);
  CHECK(x.why.what.find("I cannot help") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "the deadline ends a stream that stalls") {
  model->outcomes.clear();
  const auto x = outcome_after([this] { pass(26min, 10s); });
  CHECK(x.end == task_end::failed);
  CHECK(exit_code(x) == 124);
  CHECK(model->cancelled.size() == 1);
  CHECK(events().back()["type"] == "task.failed");
}

TEST_CASE_METHOD(fixture, "an answer that a stop cuts is counted as paid") {
  model->outcomes.clear();
  model->begun = true;
  const bool by_deadline = GENERATE(true, false);
  const auto x = outcome_after([&, this] {
    if (by_deadline)
      return pass(26min, 10s);
    self->send(boss, cancel_everything{interrupted()});
    run();
  });
  CHECK(exit_code(x) == (by_deadline ? 124 : 130));
  CHECK(x.lost_answers == 1);
  CHECK(x.tokens.input_tokens > 100);
  CHECK(x.tokens.output_tokens == 100);
  CHECK(*x.cost_usd > 0);
}

TEST_CASE_METHOD(fixture, "a stream that cannot be stopped is not waited for") {
  model->outcomes.clear();
  model->deaf = true;
  const auto x = outcome_after([this] {
    self->send(boss, cancel_everything{interrupted()});
    pass(3s, 1s);
  });
  CHECK(exit_code(x) == 130);
  CHECK(x.lost_answers == 1);
}

TEST_CASE_METHOD(fixture, "an answer that comes with the stop is counted") {
  model->outcomes.clear();
  model->deaf = true;
  const auto x = outcome_after([this] {
    self->send(boss, cancel_everything{interrupted()});
    run();
    model->open.at(1).end(test::answered_with(good_answer));
    run();
  });
  CHECK(exit_code(x) == 130);
  CHECK(x.lost_answers == 0);
  CHECK(x.rounds == 1);
  CHECK(x.tokens.input_tokens == 100);
  CHECK(store->has_step("answer.1"));
  CHECK(git->pushes.empty());
}

TEST_CASE_METHOD(fixture, "Ctrl-C stops the stage and tells the receiver") {
  model->outcomes.clear();
  const auto x = outcome_after([this] {
    self->send(boss, cancel_everything{interrupted()});
    run();
  });
  CHECK(x.end == task_end::cancelled);
  CHECK(exit_code(x) == 130);
  CHECK(x.lost_answers == 0);
  CHECK(model->cancelled.size() == 1);
  CHECK(events().back()["type"] == "task.failed");
  CHECK(events().back()["error"] == "interrupted by SIGINT");
}

TEST_CASE_METHOD(fixture, "a branch of somebody else is left alone") {
  git->remote_tip = branch_tip{std::string(40, 'b'), "Work of a person\n"};
  const auto x = outcome();
  CHECK(x.end == task_end::failed);
  CHECK(x.why.what.find("BRANCH_NAME") != std::string::npos);
  CHECK(git->pushes.empty());
}

TEST_CASE_METHOD(fixture, "an earlier branch of this task is replaced") {
  git->remote_tip =
    branch_tip{std::string(40, 'b'), "x\n\nPithy-Jaunt-Task: t1\n"};
  const auto x = outcome();
  CHECK(x.end == task_end::succeeded);
  REQUIRE(git->pushes.size() == 1);
  CHECK(git->pushes[0].expected_tip == std::string(40, 'b'));
}

TEST_CASE_METHOD(fixture, "an open pull request is adopted") {
  pr_exists = true;
  const auto x = outcome();
  CHECK(x.end == task_end::succeeded);
  CHECK(github->requests.size() == 1);
}

TEST_CASE_METHOD(fixture, "a lost answer to the creation makes no second one") {
  int posts = 0;
  github->answer = [&, this](const http_request& r) -> result<http_response> {
    const std::string one =
      R"({"number": 7, "html_url": "https://example.com/pr/7"})";
    if (r.method == "GET")
      return http_response{200, {}, pr_exists ? "[" + one + "]" : "[]"};
    ++posts;
    pr_exists = true;
    return test::transient("connection reset");
  };
  const auto x = outcome_after([this] { pass(10s); });
  CHECK(x.end == task_end::succeeded);
  CHECK(posts == 1);
}

TEST_CASE_METHOD(fixture, "an answer in the journal is not asked for again") {
  git->push_failures = {test::permanent("refused by a hook")};
  CHECK(outcome().end == task_end::failed);
  // As if the process had been killed while pushing: the row says "running".
  store->rows.at("t1").state = "running";
  const auto asked = model->calls.size();
  const auto x = outcome();
  CHECK(x.end == task_end::succeeded);
  CHECK(model->calls.size() == asked);
  CHECK(git->reopens == 1);
}

TEST_CASE_METHOD(fixture, "an answer cut in its stream is counted as paid") {
  model->outcomes.clear();
  auto cut = test::failed_with(test::transient("reset in the stream"), 200);
  cut.may_be_paid = true;
  model->outcomes.push_back(std::move(cut));
  model->outcomes.push_back(test::answered_with(good_answer));
  const auto x = outcome_after([this] { pass(10s); });
  CHECK(x.end == task_end::succeeded);
  CHECK(x.lost_answers == 1);
  CHECK(x.tokens.input_tokens > 100);
}

TEST_CASE_METHOD(fixture, "an answer cut by a crash is counted as paid") {
  model->outcomes.clear();
  const auto first = outcome_after([this] { pass(26min, 10s); });
  CHECK(first.end == task_end::failed);
  store->rows.at("t1").state = "running"; // as after SIGKILL in the stream
  std::erase_if(store->steps, [](const step_row& s) {
    return s.name.starts_with(step::over);
  });
  model->outcomes.push_back(test::answered_with(good_answer));
  const auto x = outcome();
  CHECK(x.end == task_end::succeeded);
  CHECK(x.lost_answers == 1);
}

TEST_CASE_METHOD(fixture, "every crash in a stream is counted") {
  task_row row;
  row.id = spec->id;
  row.inputs = "digest of " + spec->prompt;
  row.state = "running";
  store->rows[spec->id] = row;
  llm::usage before;
  before.input_tokens = 1'000'000;
  store->steps = {{"t1", 1, "ask.1", {}},
                  {"t1", 1, "over.1", to_json(recorded_loss{before, 2.5})},
                  {"t1", 1, "ask.2", {}},
                  {"t1", 1, "over.2", {}}, // refused, so not paid
                  {"t1", 1, "ask.3", {}}};
  const auto x = outcome();
  CHECK(x.end == task_end::succeeded);
  CHECK(x.lost_answers == 2);
  CHECK(x.tokens.input_tokens > 1'000'000);
  CHECK(x.cost_usd.value_or(0) > 2.5);
}

TEST_CASE_METHOD(fixture, "a resumed task repeats no event") {
  git->push_failures = {test::permanent()};
  outcome();
  store->rows.at("t1").state = "running";
  std::erase_if(store->steps,
                [](const step_row& s) { return s.name == "event.end"; });
  outcome();
  std::set<std::string> seen;
  for (const auto& r : receiver->requests) {
    const std::string id(find_header(r.headers, "webhook-id"));
    if (id.find("_end") == std::string::npos)
      CHECK(seen.insert(id).second);
  }
}

TEST_CASE_METHOD(fixture, "a mirror that is gone is fetched again") {
  git->push_failures = {test::permanent()};
  outcome();
  store->rows.at("t1").state = "running";
  git->mirror_lost = true;
  const auto x = outcome();
  CHECK(x.end == task_end::succeeded);
  CHECK(git->fetches == 2);
}

TEST_CASE_METHOD(fixture, "a task that succeeded before is only reported") {
  outcome();
  const auto asked = model->calls.size();
  const auto x = outcome();
  CHECK(x.end == task_end::succeeded);
  CHECK(x.replayed);
  CHECK(x.pr_url == "https://example.com/pr/7");
  CHECK(model->calls.size() == asked);
  CHECK(git->pushes.size() == 1);
}

TEST_CASE_METHOD(fixture, "other inputs make a new attempt") {
  outcome();
  spec = std::make_shared<task_spec>(*spec);
  spec->prompt = "something else";
  model->outcomes.push_back(test::answered_with(good_answer));
  const auto x = outcome();
  CHECK_FALSE(x.replayed);
  CHECK(store->rows.at("t1").attempt == 2);
}

TEST_CASE_METHOD(fixture, "without a journal nothing is done") {
  store->broken =
    failure{failure_class::fail, failure_code::journal, "disk full", {}, {}};
  const auto x = outcome();
  CHECK(x.end == task_end::failed);
  CHECK(x.why.code == failure_code::journal);
  CHECK(model->calls.empty());
  CHECK(git->pushes.empty());
}

TEST_CASE_METHOD(fixture, "an end that cannot be recorded says so") {
  store->broken =
    failure{failure_class::retry, failure_code::journal, "disk full", {}, {}};
  store->broken_at = "event.end";
  const auto x = outcome_after([this] { pass(20s); });
  CHECK(x.end == task_end::succeeded);
  REQUIRE(x.unrecorded);
  CHECK(x.unrecorded->what == "disk full");
  store->broken.reset();
  const auto again = outcome();
  CHECK(again.end == task_end::succeeded);
  CHECK_FALSE(again.unrecorded);
  CHECK(again.pr_url == x.pr_url);
}

TEST_CASE_METHOD(fixture,
                 "a task waits for a journal that cannot write for a while") {
  store->broken =
    failure{failure_class::retry, failure_code::journal, "disk full", {}, {}};
  const auto x = outcome_after([this] {
    pass(5s);
    CHECK(model->calls.empty());
    CHECK(git->pushes.empty());
    store->broken.reset();
    pass(3s);
  });
  CHECK(x.end == task_end::succeeded);
  std::vector<std::string> names;
  for (const auto& s : store->steps)
    names.push_back(s.name);
  CHECK(std::set(names.begin(), names.end()).size() == names.size());
  CHECK(std::find(names.begin(), names.end(), "event.clone") <
        std::find(names.begin(), names.end(), "event.end"));
  CHECK(store->has_step("event.clone"));
}

TEST_CASE_METHOD(fixture, "a cancelled task ends when the journal is back") {
  store->broken =
    failure{failure_class::retry, failure_code::journal, "disk full", {}, {}};
  const auto x = outcome_after([this] {
    pass(1s);
    self->send(boss, cancel_everything{failure{failure_class::cancelled,
                                               failure_code::interrupted,
                                               "stopped",
                                               {},
                                               {}}});
    run();
    store->broken.reset();
    pass(3s);
  });
  CHECK(x.end == task_end::cancelled);
  CHECK(store->rows.at("t1").state == "cancelled");
  CHECK(store->has_step("event.end"));
}

TEST_CASE_METHOD(fixture, "a dry run neither commits nor pushes") {
  spec->dry_run = true;
  const auto x = outcome();
  CHECK(x.end == task_end::succeeded);
  CHECK(x.diff.find("+hello, world") != std::string::npos);
  CHECK(git->pushes.empty());
  CHECK(github->requests.empty());
}

TEST_CASE_METHOD(fixture, "a plan is carried out without asking again") {
  spec->dry_run = true;
  outcome();
  CHECK(store->rows.at("t1").state == "planned");
  CHECK(outcome().replayed);
  const auto asked = model->calls.size();
  const auto events = store->events.size();
  spec = std::make_shared<task_spec>(*spec);
  spec->dry_run = false;
  const auto x = outcome();
  CHECK(x.end == task_end::succeeded);
  CHECK_FALSE(x.replayed);
  CHECK_FALSE(x.pr_url.empty());
  CHECK(model->calls.size() == asked);
  CHECK(git->pushes.size() == 1);
  CHECK(store->rows.at("t1").state == "succeeded");
  CHECK(store->rows.at("t1").attempt == 1);
  CHECK(store->events.size() > events);
  CHECK(store->events.back().body.find("task.completed") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "a task that waits in the journal is begun") {
  task_row row;
  row.id = spec->id;
  row.inputs = "digest of " + spec->prompt;
  row.state = "waiting";
  row.attempt = 2;
  store->rows[spec->id] = row;
  const auto x = outcome();
  CHECK(x.end == task_end::succeeded);
  CHECK(store->rows.at("t1").attempt == 2);
  CHECK(store->rows.at("t1").state == "succeeded");
}

TEST_CASE_METHOD(fixture, "a pinned commit is begun at, or nothing is done") {
  spec->base_commit = std::string(40, 'd');
  const auto x = outcome();
  CHECK(x.end == task_end::failed);
  CHECK(x.why.code == failure_code::git);
  CHECK(x.why.what.find("pinned commit dddddddddddd") != std::string::npos);
  CHECK(model->calls.empty());
}

TEST_CASE_METHOD(fixture, "without a push the commit is kept") {
  spec->skip_push = true;
  const auto x = outcome();
  CHECK(x.end == task_end::succeeded);
  CHECK(git->pushes.empty());
  CHECK(x.kept_patch.find("change.patch") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "without a webhook no event is recorded") {
  spec->webhook_url.clear();
  CHECK(outcome().end == task_end::succeeded);
  CHECK(store->events.empty());
}

TEST_CASE_METHOD(fixture, "a 400 about a parameter is adapted to once") {
  model->outcomes.clear();
  auto unsupported = test::failed_with(test::permanent("400"), 400);
  unsupported.body =
    R"({"error":{"message":"Unsupported parameter: 'max_completion_tokens' is )"
    R"(not supported with this model. Use 'max_tokens' instead.","type":)"
    R"("invalid_request_error","param":"max_completion_tokens","code":)"
    R"("unsupported_parameter"}})";
  model->outcomes.push_back(std::move(unsupported));
  model->outcomes.push_back(test::answered_with(good_answer));
  const auto x = outcome();
  CHECK(x.end == task_end::succeeded);
  REQUIRE(model->calls.size() == 2);
  CHECK(model->calls[1].model.token_field == "max_tokens");
}

TEST_CASE_METHOD(fixture, "a prompt without room for a file is not paid for") {
  spec->prompt = std::string(340'000, 'x');
  const auto x = outcome();
  CHECK(x.end == task_end::failed);
  CHECK(exit_code(x) == 1);
  CHECK(x.why.what.find("use a shorter prompt") != std::string::npos);
  CHECK(model->calls.empty());
}

TEST_CASE_METHOD(fixture, "no room for a work tree is not the change's fault") {
  spec->checks = {{"own", "make test", true, 1min}};
  const auto x = outcome();
  CHECK(x.end == task_end::failed);
  CHECK(exit_code(x) == 1);
  const auto last = events().back();
  CHECK(last["error"] == "the checks need a folder below /full");
  for (const auto* text : {"error", "message"})
    CHECK(last[text].get<std::string>().find("validation") ==
          std::string::npos);
}
