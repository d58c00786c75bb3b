#include "actors/reception.hpp"
#include "tests/actors/whole_engine.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;

namespace {

struct reception_fixture : test::whole_engine {
  std::vector<std::string> logged;
  std::vector<task_outcome> ends;
  reception_actor desk = sys.spawn(
    reception, boss, [this](const std::string& x) { logged.push_back(x); });

  void hand_in(
    const std::string& id, std::function<void()> first = [] {}) {
    auto own = *spec;
    own.id = id;
    submit_task what;
    what.spec = std::make_shared<const task_spec>(own);
    self->send(desk, submission{what, [this, first](task_outcome x) {
                                  first();
                                  ends.push_back(std::move(x));
                                }});
    run();
  }
};

/// As the engine does, it answers what it holds when it ends.
struct holding_state {
  std::vector<caf::typed_response_promise<task_outcome>> open;
  ~holding_state() {
    for (auto& promise : open)
      promise.deliver(make_error(restarting("engine")));
  }
};

engine_actor::behavior_type
hold_on(engine_actor::stateful_pointer<holding_state> me) {
  return {
    [me](submit_task&) -> caf::result<task_outcome> {
      return state_of(me).open.emplace_back(
        me->make_response_promise<task_outcome>());
    },
    [](cancel_everything&) {},
    [](drain_outbox) { return drained_outbox{}; },
  };
}

} // namespace

TEST_CASE_METHOD(reception_fixture, "each task's end is told once") {
  model->outcomes.push_back(test::answered_with(test::good_answer));
  hand_in("a", [] { throw std::runtime_error("a bug"); });
  hand_in("b");
  pass(std::chrono::seconds(1));
  CHECK(logged == std::vector<std::string>{"a task's end: a bug"});
  REQUIRE(ends.size() == 1);
  CHECK(ends[0].task == "b");
  CHECK(ends[0].end == task_end::succeeded);
  stop(desk);
}

TEST_CASE_METHOD(test::actors, "an engine that dies is told for every task") {
  auto engine = sys.spawn(hold_on);
  const auto desk =
    sys.spawn(reception, engine, [](const std::string&) { FAIL(); });
  self->monitor(desk);
  std::vector<std::string> ends;
  for (const auto* id : {"a", "b"}) {
    task_spec spec;
    spec.id = id;
    self->send(desk, submission{{std::make_shared<task_spec>(spec), {}, false},
                                [&ends](const task_outcome& x) {
                                  CHECK(x.end == task_end::failed);
                                  ends.push_back(x.task);
                                }});
  }
  run();
  CHECK(ends.empty());
  stop(engine);
  CHECK(ends == std::vector<std::string>{"a", "b"});
  bool gone = false;
  self->receive([&](const caf::down_msg&) { gone = true; });
  CHECK(gone);
}
