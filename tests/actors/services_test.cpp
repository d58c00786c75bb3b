// What each service promises by itself.
#include "actors/llm.hpp"
#include "actors/repo.hpp"
#include "tests/actors/fakes.hpp"
#include "tests/actors/fixture.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace pj;
using namespace std::chrono_literals;

struct repo_fixture : test::actors {
  std::shared_ptr<test::scripted_git> git =
    std::make_shared<test::scripted_git>();
  std::shared_ptr<test::inline_executor> threads =
    std::make_shared<test::inline_executor>();
  repo_actor service = sys.spawn(
    repo, git, threads, repo_config{std::make_shared<fixed_token>("tok"), 2});

  ~repo_fixture() {
    stop(service);
    threads->release();
    run();
  }

  auto look_up(const std::string& task) {
    auto r = self->request(service, caf::infinite,
                           look_up_branch{task, "https://x/y/z", "b"});
    run();
    return r;
  }

  auto open(const std::string& task, const std::string& url) {
    auto r = self->request(service, caf::infinite,
                           open_snapshot{task, url, "main", false, {}});
    run();
    return r;
  }
};

struct llm_fixture : test::actors {
  std::shared_ptr<test::scripted_llm> model =
    std::make_shared<test::scripted_llm>();
  llm_actor service;

  llm_fixture() {
    llm_config c;
    c.models = llm::model_table::built_in();
    c.random = [] { return 0.5; };
    service =
      sys.spawn(llm_service, model, std::make_shared<test::recorder>(), c);
  }

  ~llm_fixture() { stop(service); }

  auto ask(const std::string& task) {
    ask_model x;
    x.task = task;
    auto what = std::make_shared<llm::chat>();
    what->model = "gpt-4o";
    x.what = what;
    x.time_left = 25min;
    auto r = self->request(service, caf::infinite, x);
    run();
    return r;
  }
};

} // namespace

TEST_CASE_METHOD(repo_fixture, "a service works on no more than its width") {
  threads->held = true;
  auto a = look_up("a");
  auto b = look_up("b");
  auto c = look_up("c");
  CHECK(threads->jobs.size() == 2);
  threads->release();
  run();
  CHECK(test::take<looked_up_branch>(a));
  CHECK(test::take<looked_up_branch>(b));
  CHECK(test::take<looked_up_branch>(c));
}

TEST_CASE_METHOD(repo_fixture, "one repository is fetched once at a time") {
  threads->held = true;
  auto a = open("a", "https://x/y/z");
  auto b = open("b", "https://x/y/z");
  auto c = open("c", "https://x/y/other");
  CHECK(threads->jobs.size() == 2);
  threads->release();
  run();
  CHECK(test::take<opened_snapshot>(a));
  CHECK(test::take<opened_snapshot>(b));
  CHECK(test::take<opened_snapshot>(c));
  CHECK(git->fetches == 3);
}

TEST_CASE_METHOD(repo_fixture, "an abandoned task's waiting work is dropped") {
  threads->held = true;
  auto a = look_up("a");
  auto b = look_up("b");
  auto c = look_up("c");
  self->send(service, abandon{"c"});
  run();
  const auto got = test::take<looked_up_branch>(c);
  REQUIRE(got.error);
  CHECK(got.error->kind == failure_class::cancelled);
  threads->release();
  run();
  CHECK(test::take<looked_up_branch>(a));
  CHECK(test::take<looked_up_branch>(b));
}

TEST_CASE_METHOD(repo_fixture, "a service that ends answers what is pending") {
  threads->held = true;
  auto a = look_up("a");
  stop(service);
  const auto got = test::take<looked_up_branch>(a);
  REQUIRE(got.error);
  CHECK(got.error->kind == failure_class::retry);
}

TEST_CASE_METHOD(llm_fixture, "an abandoned question's stream is closed") {
  auto r = ask("a");
  REQUIRE(model->calls.size() == 1);
  self->send(service, abandon{"a"});
  run();
  const auto got = test::take<answered_model>(r);
  REQUIRE(got.error);
  CHECK(got.error->kind == failure_class::cancelled);
  CHECK(model->cancelled.size() == 1);
}

TEST_CASE_METHOD(llm_fixture, "a 429 with Retry-After pauses every task") {
  auto limited = test::failed_with(test::transient("429"), 429);
  limited.headers = {{"retry-after", "20"}};
  model->outcomes.push_back(std::move(limited));
  auto a = ask("a");
  CHECK(test::take<answered_model>(a).error);
  model->outcomes.push_back(test::answered_with("x"));
  auto b = ask("b");
  pass(19s);
  CHECK(model->calls.size() == 1);
  pass(60s);
  CHECK(model->calls.size() == 2);
  CHECK(test::take<answered_model>(b));
}

TEST_CASE_METHOD(llm_fixture, "while one question tries whether a provider is "
                              "back, an older one decides nothing") {
  auto old = ask("old");
  for (int i = 0; i < 8; ++i) {
    model->outcomes.push_back(test::failed_with(test::transient("500"), 500));
    ask("t" + std::to_string(i));
  }
  auto trial = ask("trial");
  pass(300s, 1s);
  const auto calls = model->calls.size();
  REQUIRE(model->open.size() == 2);
  self->send(service, abandon{"old"});
  run();
  CHECK(test::take<answered_model>(old).error);
  auto next = ask("next");
  pass(30s, 1s);
  CHECK(model->calls.size() == calls);
  model->outcomes.push_back(test::answered_with("y"));
  model->open.begin()->second.end(test::answered_with("x"));
  pass(70s, 1s);
  CHECK(test::take<answered_model>(trial));
  CHECK(test::take<answered_model>(next));
}

TEST_CASE_METHOD(llm_fixture,
                 "streams that break after their 200 tell that the "
                 "provider is down") {
  for (int i = 0; i < 8; ++i) {
    auto broken = test::failed_with(test::transient("overloaded"), 200);
    broken.may_be_paid = true;
    model->outcomes.push_back(std::move(broken));
    ask("t" + std::to_string(i));
  }
  REQUIRE(model->calls.size() == 8);
  ask("late");
  CHECK(model->calls.size() == 8);
  model->outcomes.push_back(test::answered_with("x"));
  pass(300s, 1s);
}

TEST_CASE_METHOD(llm_fixture, "a provider that is down is spared") {
  for (int i = 0; i < 8; ++i) {
    model->outcomes.push_back(test::failed_with(test::transient("503"), 503));
    pass(70s, 1s); // the limiter has slowed down
    auto r = ask("t" + std::to_string(i));
    CHECK(test::take<answered_model>(r).error);
  }
  const auto before = model->calls.size();
  model->outcomes.push_back(test::answered_with("x"));
  auto r = ask("late");
  CHECK(model->calls.size() == before);
  pass(300s, 1s);
  CHECK(test::take<answered_model>(r));
}
