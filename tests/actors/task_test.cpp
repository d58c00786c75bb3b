#include "actors/engine.hpp"
#include "actors/github.hpp"
#include "actors/journal.hpp"
#include "actors/llm.hpp"
#include "actors/patch.hpp"
#include "actors/prompt.hpp"
#include "actors/repo.hpp"
#include "actors/validate.hpp"
#include "actors/webhook.hpp"
#include "tests/actors/fakes.hpp"
#include "tests/actors/fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

namespace {

using namespace pj;
using namespace std::chrono_literals;

const std::string good_answer = "README.md\n```\n<<<<<<< SEARCH\nhello\n"
                                "=======\nhello, world\n>>>>>>> REPLACE\n```\n";
const std::string bad_answer =
  "README.md\n```\n<<<<<<< SEARCH\nnot there at all"
  "\n=======\nx\n>>>>>>> REPLACE\n```\n";

struct fixture : test::actors {
  std::shared_ptr<test::memory_store> store =
    std::make_shared<test::memory_store>();
  std::shared_ptr<test::scripted_http> github =
    std::make_shared<test::scripted_http>();
  std::shared_ptr<test::scripted_http> receiver =
    std::make_shared<test::scripted_http>();
  std::shared_ptr<test::scripted_llm> model =
    std::make_shared<test::scripted_llm>();
  std::shared_ptr<test::scripted_git> git =
    std::make_shared<test::scripted_git>();
  std::shared_ptr<test::inline_executor> threads =
    std::make_shared<test::inline_executor>();
  std::shared_ptr<test::recorder> watch = std::make_shared<test::recorder>();
  std::shared_ptr<task_spec> spec = std::make_shared<task_spec>();
  task_services services;
  engine_actor boss;
  int crashes_left = 0;
  bool pr_exists = false;

  fixture() {
    spec->id = "t1";
    spec->prompt = "greet the world in README.md";
    spec->repo.text = "https://example.com/acme/shop";
    spec->repo.owner = "acme";
    spec->repo.name = "shop";
    spec->branch = "pj/t1";
    spec->model = "gpt-4o";
    spec->title = "Pithy Jaunt: t1";
    spec->github_owner = "acme";
    spec->github_name = "shop";
    spec->github_api = "https://api.example.com";
    spec->webhook_url = "http://127.0.0.1/hook";
    model->outcomes.push_back(test::answered_with(good_answer));
    receiver->answer = [](const http_request&) {
      return http_response{200, {}, {}};
    };
    github->answer = [this](const http_request& r) -> result<http_response> {
      const std::string one =
        R"({"number": 7, "html_url": "https://example.com/pr/7"})";
      if (r.method == "GET")
        return http_response{200, {}, pr_exists ? "[" + one + "]" : "[]"};
      pr_exists = true;
      return http_response{201, {}, one};
    };
    start();
  }

  ~fixture() { stop_all(); }

  void start() {
    const auto fixed_now = [this] {
      return wall_clock::time_point{
        std::chrono::duration_cast<wall_clock::duration>(
          sched.clock().now().time_since_epoch())};
    };
    services.journal = sys.spawn(journal, store);
    services.repo = sys.spawn(repo, git, threads, repo_config{"tok", 2});
    services.prompt = sys.spawn(prompt_service, threads, std::size_t{2},
                                prompt::symbol_finder{});
    services.patch = sys.spawn(patch_service, threads, std::size_t{2});
    services.validate =
      sys.spawn(validate_service, git, std::make_shared<test::no_process>(),
                threads, validate_config{"/nowhere", 2});
    llm_config c;
    c.models = llm::model_table::built_in();
    c.random = [] { return 0.5; };
    services.llm = sys.spawn(llm_service, model, watch, c);
    services.github = sys.spawn(github_service, github,
                                github_config{"tok", [] { return 1'000; }});
    webhook_config w;
    w.headers = [](const std::string& id, std::int64_t, const std::string&) {
      return http_headers{{"webhook-id", id}};
    };
    w.schedule = delivery_schedule::short_lived();
    w.random = [] { return 0.5; };
    w.now = fixed_now;
    services.webhook =
      sys.spawn(webhook_service, receiver, services.journal, w);
    engine_config e;
    e.prepare = [this, fixed_now](const submit_task& x) {
      task_setup s;
      s.spec = x.spec;
      s.inputs = "digest of " + x.spec->prompt;
      s.model =
        llm::model_table::built_in().find(x.spec->provider, x.spec->model);
      s.watch = watch;
      s.now = fixed_now;
      s.random = [] { return 0.5; };
      return s;
    };
    boss = sys.spawn(engine, services, std::vector<caf::actor_addr>{}, e);
    run();
  }

  void stop_all() {
    stop(boss);
    stop(services.webhook);
    stop(services.github);
    stop(services.llm);
    stop(services.validate);
    stop(services.patch);
    stop(services.prompt);
    stop(services.repo);
    stop(services.journal);
  }

  auto submit() {
    submit_task x;
    x.spec = spec;
    auto r = self->request(boss, caf::infinite, x);
    run();
    return r;
  }

  /// Submits, lets `meanwhile` happen and gives the outcome.
  template <class Meanwhile>
  task_outcome outcome_after(Meanwhile meanwhile) {
    auto r = submit();
    meanwhile();
    return *test::take<task_outcome>(r).value;
  }

  task_outcome outcome() {
    return outcome_after([] {});
  }

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
  CHECK(git->pushes.empty());
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

TEST_CASE_METHOD(fixture, "Ctrl-C stops the stage and tells the receiver") {
  model->outcomes.clear();
  const auto x = outcome_after([this] {
    self->send(boss, cancel_everything{{failure_class::cancelled,
                                        failure_code::interrupted,
                                        "interrupted by SIGINT",
                                        {},
                                        {}}});
    run();
  });
  CHECK(x.end == task_end::cancelled);
  CHECK(exit_code(x) == 130);
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

TEST_CASE_METHOD(fixture, "a dry run neither commits nor pushes") {
  spec->dry_run = true;
  const auto x = outcome();
  CHECK(x.end == task_end::succeeded);
  CHECK(x.diff.find("+hello, world") != std::string::npos);
  CHECK(git->pushes.empty());
  CHECK(github->requests.empty());
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

TEST_CASE_METHOD(fixture, "a crashed task goes on from its last step") {
  threads->held = true; // the fetch waits
  auto r = submit();
  self->send_exit(services.repo, caf::exit_reason::kill);
  run();
  services.repo = sys.spawn(repo, git, threads, repo_config{"tok", 2});
  threads->release();
  run();
  pass(1min, 1s);
  const auto x = test::take<task_outcome>(r);
  REQUIRE(x);
  // Its service never came back here (no keeper), so it ends, and says why.
  CHECK(x.value->end == task_end::failed);
  CHECK(x.value->why.code == failure_code::internal);
}
