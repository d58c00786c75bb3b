// Every service crashes in the middle of its stage; the task must not mind.
#include "tests/actors/whole_engine.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

namespace {

using namespace pj;
using namespace std::chrono_literals;

/// Sees what tasks do and throws where it likes.
struct saboteur final : observer {
  std::function<void(std::string_view)> at_stage;
  std::shared_ptr<test::recorder> to;

  void stage(const std::string& task, pj::stage now,
             std::string_view what) override {
    to->stage(task, now, what);
    at_stage(what);
  }
  void text(const std::string&, std::string_view) override {}
  void note(const std::string& task, log_kind kind,
            std::string_view what) override {
    to->note(task, kind, what);
  }
  void held(const std::string&, bool) override {}
};

/// An engine whose tasks meet it.
void let_in(test::whole_engine& world,
            std::function<void(std::string_view)> at_stage) {
  auto by = std::make_shared<saboteur>();
  by->at_stage = std::move(at_stage);
  by->to = world.watch;
  engine_config e;
  e.prepare = [&world, by](const submit_task& x) {
    auto s = world.setup_of(x);
    s.watch = by;
    return s;
  };
  world.stop(world.boss);
  world.boss = world.sys.spawn(engine, world.services.webhook,
                               std::vector<caf::actor_addr>{}, e);
}

} // namespace

TEST_CASE_METHOD(test::whole_engine,
                 "a worker service that crashes comes back, the task goes on") {
  const std::string service = GENERATE("repo", "prompt", "patch", "validate");
  CAPTURE(service);
  threads[service]->held = true;
  const auto x = outcome_after([&, this] {
    crash(service);
    threads[service]->release(); // late results go nowhere
    run();
    pass(10s);
  });
  CHECK(x.end == task_end::succeeded);
  CHECK(starts[service] == 2);
  CHECK(git->pushes.size() == 1);
  CHECK(model->calls.size() == 1);
}

TEST_CASE_METHOD(test::whole_engine, "the llm service may crash in a stream") {
  model->outcomes.clear();
  const auto x = outcome_after([this] {
    REQUIRE(model->calls.size() == 1);
    model->outcomes.push_back(test::answered_with(test::good_answer));
    crash("llm");
    pass(10s);
  });
  CHECK(x.end == task_end::succeeded);
  CHECK(model->cancelled.size() == 1);
  CHECK(model->calls.size() == 2);
}

TEST_CASE_METHOD(test::whole_engine,
                 "the github service may crash with a request out") {
  github->held = true;
  const auto x = outcome_after([this] {
    crash("github");
    github->held = false;
    github->release();
    run();
    pass(10s);
  });
  CHECK(x.end == task_end::succeeded);
  CHECK(x.pr_url == "https://example.com/pr/7");
}

TEST_CASE_METHOD(test::whole_engine,
                 "the webhook service may crash: no event is lost") {
  receiver->held = true;
  const auto x = outcome_after([this] {
    crash("webhook");
    receiver->held = false;
    receiver->release();
    run();
    pass(10s);
  });
  CHECK(x.end == task_end::succeeded);
  for (const auto& e : store->events)
    CHECK(e.state == delivery_state::delivered);
}

TEST_CASE_METHOD(test::whole_engine,
                 "a task actor that crashes goes on from its last step") {
  model->outcomes.clear();
  model->outcomes.push_back(test::answered_with(test::good_answer));
  // The record of the answer is on disk; then the observer throws, once.
  let_in(*this, [thrown = false](std::string_view what) mutable {
    if (what == "Committing and pushing..." && !std::exchange(thrown, true))
      throw std::runtime_error("a bug");
  });
  const auto x = outcome();
  CHECK(x.end == task_end::succeeded);
  CHECK(model->calls.size() == 1);
  CHECK(git->pushes.size() == 1);
}

TEST_CASE_METHOD(test::whole_engine,
                 "events on their way to disk when a task crashes are "
                 "delivered, once and in order") {
  model->outcomes.clear();
  model->outcomes.push_back(test::answered_with(test::good_answer));
  let_in(*this, [this, thrown = false](std::string_view what) mutable {
    if (what == "Applying the change..." && !thrown)
      store->held = true; // the journal answers after the crash
    if (what == "Validating the change..." && !std::exchange(thrown, true))
      throw std::runtime_error("a bug");
  });
  const auto x = outcome_after([this] {
    store->held = false;
    store->release();
    run();
    pass(10s);
  });
  CHECK(x.end == task_end::succeeded);
  std::vector<std::string> told;
  for (const auto& r : receiver->requests)
    told.push_back(*r.body);
  CHECK(told.size() == store->events.size());
  std::vector<std::string> emitted;
  for (const auto& row : store->events) {
    CHECK(row.state == delivery_state::delivered);
    emitted.push_back(row.body);
  }
  CHECK(told == emitted);
}

TEST_CASE_METHOD(test::whole_engine,
                 "a task that always crashes ends after three starts") {
  const auto stages = std::make_shared<int>(0);
  let_in(*this, [stages](std::string_view) {
    ++*stages;
    throw std::runtime_error("poison");
  });
  const auto x = outcome();
  CHECK(x.end == task_end::failed);
  CHECK(x.why.code == failure_code::internal);
  CHECK(x.why.what.find("poison") != std::string::npos);
  CHECK(*stages == 3);
}

TEST_CASE_METHOD(test::whole_engine,
                 "a service that keeps dying ends the engine's tasks") {
  model->outcomes.clear(); // the task waits for its answer
  const auto x = outcome_after([this] {
    for (int i = 0; i < 6; ++i) {
      crash("patch");
      pass(6s);
    }
  });
  CHECK(x.end == task_end::cancelled);
  CHECK(x.why.code == failure_code::internal);
  CHECK(exit_code(x) == 1);
}

TEST_CASE_METHOD(test::whole_engine,
                 "cancelling stops every service that works for the task") {
  const std::string service = GENERATE("repo", "prompt", "patch", "validate");
  CAPTURE(service);
  threads[service]->held = true;
  const auto x = outcome_after([&, this] {
    self->send(boss, cancel_everything{{failure_class::cancelled,
                                        failure_code::interrupted,
                                        "interrupted by SIGTERM",
                                        {},
                                        {}}});
    run();
  });
  CHECK(x.end == task_end::cancelled);
  CHECK(exit_code(x) == 130);
  threads[service]->release();
  run();
}

TEST_CASE_METHOD(test::whole_engine, "the deadline holds in every stage") {
  const std::string service = GENERATE("repo", "prompt", "patch", "validate");
  CAPTURE(service);
  threads[service]->held = true;
  const auto x = outcome_after([this] { pass(26min, 10s); });
  CHECK(exit_code(x) == 124);
  threads[service]->release();
  run();
}

TEST_CASE_METHOD(test::whole_engine, "the journal may crash with a write out") {
  store->held = true;
  const auto x = outcome_after([this] {
    crash("journal");
    store->held = false;
    store->release();
    run();
    pass(10s);
  });
  CHECK(x.end == task_end::succeeded);
  CHECK(starts["journal"] == 2);
}

TEST_CASE_METHOD(test::whole_engine,
                 "a signal before the task is admitted is not lost") {
  self->send(boss, cancel_everything{{failure_class::cancelled,
                                      failure_code::interrupted,
                                      "interrupted by SIGTERM",
                                      {},
                                      {}}});
  run();
  const auto x = outcome();
  CHECK(exit_code(x) == 130);
  CHECK(model->calls.empty());
  CHECK(store->rows.at("t1").state == "cancelled");
  REQUIRE(!receiver->requests.empty());
  CHECK(receiver->requests.back().body->find("task.failed") !=
        std::string::npos);
}

TEST_CASE_METHOD(test::whole_engine,
                 "a journal that cannot be read at first is read again") {
  CHECK(outcome().end == task_end::succeeded);
  store->load_failures = {test::transient("database is locked")};
  const auto x = outcome_after([this] { pass(10s); });
  CHECK(x.replayed);
  CHECK(model->calls.size() == 1);
  CHECK(git->pushes.size() == 1);
}

TEST_CASE_METHOD(test::whole_engine,
                 "an unreadable journal keeps what it says of the task") {
  CHECK(outcome().end == task_end::succeeded);
  store->load_failures = {test::permanent("damaged")};
  const auto x = outcome();
  CHECK(x.end == task_end::failed);
  CHECK(store->rows.at("t1").state == "succeeded");
}

TEST_CASE_METHOD(test::whole_engine,
                 "the deadline does not start anew with a crashed task") {
  const auto stages = std::make_shared<int>(0);
  let_in(*this, [stages](std::string_view what) {
    if (what == "Applying the change..." && ++*stages == 1)
      throw std::runtime_error("a bug");
  });
  model->outcomes.clear();
  const auto x = outcome_after([this] {
    pass(20min, 10s); // the model takes its time
    auto late = std::move(model->open.begin()->second);
    model->open.clear();
    threads["validate"]->held = true;
    late.end(test::answered_with(test::good_answer));
    run(); // crashes while applying, goes on, waits for the checks
    pass(6min, 10s);
  });
  CHECK(exit_code(x) == 124);
  threads["validate"]->release();
  run();
}

TEST_CASE_METHOD(test::whole_engine,
                 "checks of a base that is gone are made again") {
  git->push_failures = {test::permanent()};
  outcome();
  store->rows.at("t1").state = "running"; // as after SIGKILL
  git->mirror_lost = true;
  git->commit = std::string(40, 'd'); // the branch moved on meanwhile
  threads["validate"]->held = true;
  const auto x = outcome_after([this] {
    CHECK(threads["validate"]->jobs.size() == 1);
    threads["validate"]->release();
    run();
  });
  CHECK(x.end == task_end::succeeded);
  CHECK(x.base_commit == std::string(40, 'd'));
}

TEST_CASE_METHOD(test::whole_engine,
                 "after a crash a merged pull request is found, not repeated") {
  int posts = 0;
  bool merged = false;
  github->answer = [&](const http_request& r) -> result<http_response> {
    const std::string one =
      R"({"number": 7, "html_url": "https://example.com/pr/7"})";
    if (r.method == "POST") {
      ++posts;
      merged = true;
      return test::permanent("killed here");
    }
    const bool all = r.url.find("state=all") != std::string::npos;
    return http_response{200, {}, merged && all ? "[" + one + "]" : "[]"};
  };
  CHECK(outcome().end == task_end::failed);
  store->rows.at("t1").state = "running";
  const auto x = outcome();
  CHECK(x.end == task_end::succeeded);
  CHECK(posts == 1);
}
