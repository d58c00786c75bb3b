#include "apps/pj/batch/runner.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <thread>

using namespace pj;
using namespace std::chrono_literals;

namespace {

/// An engine that ends a task when it is told to.
struct held_engine {
  std::map<std::string, std::function<void(task_outcome)>> running;

  batch::runner::engine face() {
    return [this](submit_task what, std::function<void(task_outcome)> then) {
      running[what.spec->id] = std::move(then);
    };
  }

  void end(const std::string& id, task_end how = task_end::succeeded,
           failure why = {}, std::string pull = {},
           std::optional<failure> unrecorded = {}) {
    const auto then = std::move(running.at(id));
    running.erase(id);
    task_outcome x;
    x.task = id;
    x.end = how;
    x.why = std::move(why);
    x.pr_url = std::move(pull);
    x.unrecorded = std::move(unrecorded);
    then(x);
  }

  std::vector<std::string> ids() const {
    std::vector<std::string> out;
    for (const auto& [id, then] : running)
      out.push_back(id);
    return out;
  }
};

std::deque<submit_task> tasks(int n) {
  std::deque<submit_task> out;
  for (int i = 0; i < n; ++i) {
    task_spec spec;
    spec.id = std::string(1, static_cast<char>('a' + i));
    out.push_back({std::make_shared<const task_spec>(spec), {}});
  }
  return out;
}

using ids = std::vector<std::string>;

} // namespace

TEST_CASE("a batch that must wait begins a task only when none runs") {
  held_engine engine;
  bool wait = false;
  batch::runner flow(
    3, [](const task_outcome&) {}, {}, [&] { return wait; });
  flow.start(engine.face(), tasks(5));
  CHECK(engine.ids() == ids{"a", "b", "c"});
  wait = true;
  engine.end("a");
  engine.end("b");
  CHECK(engine.ids() == ids{"c"});
  engine.end("c");
  CHECK(engine.ids() == ids{"d"});
  wait = false;
  engine.end("d");
  CHECK(engine.ids() == ids{"e"});
  engine.end("e");
  CHECK(flow.wait());
}

TEST_CASE("a batch runs no more tasks at once than it may, in order") {
  held_engine engine;
  ids ended;
  batch::runner flow(2,
                     [&](const task_outcome& x) { ended.push_back(x.task); });
  flow.start(engine.face(), tasks(4));
  CHECK(engine.ids() == ids{"a", "b"});
  engine.end("b");
  CHECK(engine.ids() == ids{"a", "c"});
  engine.end("a", task_end::failed);
  engine.end("c");
  engine.end("d");
  CHECK(flow.wait());
  CHECK(ended == ids{"b", "a", "c", "d"});
  CHECK(flow.stopped().empty());
}

TEST_CASE("what befalls every task stops the batch") {
  held_engine engine;
  batch::runner flow(1, [](const task_outcome&) {});
  flow.start(engine.face(), tasks(3));
  failure why;
  why.what = "billing: no credit";
  why.hits_all = true;
  SECTION("billing") {
    engine.end("a", task_end::failed, why);
    CHECK(flow.stopped_by() != failure_code::budget);
  }
  SECTION("the batch's own limit") {
    why.code = failure_code::budget;
    engine.end("a", task_end::failed, why);
    CHECK(flow.stopped_by() == failure_code::budget);
  }
  CHECK(engine.running.empty());
  CHECK(flow.wait());
  CHECK(flow.stopped() == "billing: no credit");
}

TEST_CASE("an end that the journal does not have stops the batch") {
  held_engine engine;
  batch::runner flow(1, [](const task_outcome&) {});
  flow.start(engine.face(), tasks(3));
  failure why;
  why.what = "the disk is full";
  why.code = failure_code::journal;
  engine.end("a", task_end::succeeded, {}, {}, why);
  CHECK(engine.running.empty());
  CHECK(flow.wait());
  CHECK(flow.stopped() == "the disk is full");
  CHECK(flow.stopped_by() == failure_code::journal);
}

TEST_CASE("an interrupted batch begins nothing and waits for what runs") {
  held_engine engine;
  batch::runner flow(2, [](const task_outcome&) {});
  flow.start(engine.face(), tasks(3));
  SECTION("until its patience is over") {
    flow.interrupt("SIGINT", 0s);
    CHECK_FALSE(flow.wait());
  }
  SECTION("and returns when that has ended") {
    flow.interrupt("SIGINT", 10min);
    std::thread ending([&] {
      engine.end("a");
      engine.end("b");
    });
    CHECK(flow.wait());
    ending.join();
    CHECK(engine.running.empty());
  }
  CHECK(flow.stopped() == "SIGINT");
}

TEST_CASE("no more tasks are begun than pull requests may be open") {
  held_engine engine;
  batch::runner flow(
    3, [](const task_outcome&) {}, batch::pull_room(2, {"d"}));
  flow.start(engine.face(), tasks(5));
  CHECK(engine.ids() == ids{"a", "d"});
  failure declined;
  declined.code = failure_code::model;
  engine.end("a", task_end::failed, declined);
  CHECK(engine.ids() == ids{"b", "d"});
  engine.end("b", task_end::succeeded, {}, "https://github.test/pull/1");
  CHECK_FALSE(flow.out_of_room());
  engine.end("d", task_end::succeeded, {}, "https://github.test/pull/2");
  CHECK(engine.running.empty());
  CHECK(flow.wait());
  CHECK(flow.out_of_room());
  CHECK(flow.stopped() == "2 pull requests of the batch are open "
                          "(limits.max_open_prs: 2)");
}

TEST_CASE("a batch without room ends at once, and says so") {
  held_engine engine;
  batch::runner flow(
    3, [](const task_outcome&) {}, batch::pull_room(1, {"x"}));
  flow.start(engine.face(), tasks(2));
  CHECK(engine.running.empty());
  CHECK(flow.wait());
  CHECK(flow.stopped().starts_with("1 pull request of the batch is open"));
}

TEST_CASE("ends may come from many threads, and before the task is begun") {
  std::size_t ended = 0;
  batch::runner flow(1, [&](const task_outcome&) { ++ended; });
  std::mutex mutex; // a thread may begin the next before this one is kept
  std::vector<std::thread> threads;
  std::deque<submit_task> many;
  for (int i = 0; i < 200; ++i)
    many.push_back(tasks(1).front());
  flow.start(
    [&](submit_task, std::function<void(task_outcome)> then) {
      const std::lock_guard lock(mutex);
      threads.emplace_back([then] { then({}); });
    },
    std::move(many));
  CHECK(flow.wait());
  CHECK(ended == 200);
  for (auto& t : threads)
    t.join();
}
