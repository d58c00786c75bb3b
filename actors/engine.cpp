#include "actors/engine.hpp"

#include "actors/supervised.hpp"
#include "messages/error.hpp"

#include <caf/actor_clock.hpp>
#include <caf/sec.hpp>

namespace pj {

namespace {

using namespace std::chrono_literals;

task_outcome unfinished(const submit_task& what, task_end end, failure why) {
  task_outcome x;
  x.task = what.spec->id;
  x.branch = what.spec->branch;
  x.end = end;
  x.why = std::move(why);
  return x;
}

} // namespace

engine_actor::behavior_type
engine(engine_actor::stateful_pointer<engine_state> self, webhook_actor webhook,
       std::vector<caf::actor_addr> keepers, engine_config config) {
  supervised(self);
  auto& state = state_of(self);
  state.webhook = std::move(webhook);
  state.config = std::move(config);
  self->set_down_handler(
    [&state](const caf::down_msg& x) { state.service_lost(x.reason); });
  for (const auto& keeper : keepers)
    self->monitor(keeper);
  return state.behavior();
}

engine_actor::behavior_type engine_state::behavior() {
  return {
    [this](submit_task& x) { return submit(std::move(x)); },
    [this](const cancel_everything& x) { cancel(x.why); },
    [this](drain_outbox) { return drain(); },
  };
}

caf::result<task_outcome> engine_state::submit(submit_task what) {
  auto promise = self->make_response_promise<task_outcome>();
  auto& j = waiting.emplace_back();
  j.what = std::move(what);
  j.promise = promise;
  start_waiting();
  return promise;
}

void engine_state::start_waiting() {
  while (!waiting.empty() &&
         (stopping || running.size() < config.max_running)) {
    running.splice(running.end(), waiting, waiting.begin());
    start(std::prev(running.end()));
  }
}

void engine_state::start(std::list<job>::iterator j) {
  const auto now = self->clock().now();
  const bool waits = j->what.waiting_is_free;
  if (++j->starts == 1)
    j->clock = std::make_shared<work_clock>(now + j->what.spec->timeout, waits);
  auto setup = config.prepare(j->what);
  j->services = setup.services;
  j->clock->let_go(now);
  setup.clock = j->clock;
  j->handle = self->spawn(task, std::move(setup));
  // The task keeps its own deadline; this bound is for a lost reply, after all
  // that its end may take.
  self
    ->request(j->handle,
              j->what.spec->timeout + 15min + (waits ? longest_hold : 0s),
              start_task{})
    .then([this, j](task_outcome& x) { finish(j, std::move(x)); },
          [this, j](const caf::error& e) {
            crashed(j, to_failure(e), e != caf::sec::request_timeout);
          });
  if (stopping)
    self->send(j->handle, cancel_task{*stopping});
}

void engine_state::crashed(std::list<job>::iterator j, const failure& why,
                           bool may_restart) {
  if (may_restart && why.kind != failure_class::cancelled &&
      j->starts < config.max_starts) {
    if (config.watch)
      config.watch->warning(
        j->what.spec->id,
        "crashed and goes on from its last recorded step: " + why.what);
    abandon_everywhere(self, j->services, j->what.spec->id);
    self->send(webhook, reload_outbox{});
    return start(j);
  }
  auto last = why;
  if (last.kind != failure_class::cancelled)
    last.kind = failure_class::fail;
  finish(j, unfinished(j->what, task_end::failed, std::move(last)));
}

void engine_state::finish(std::list<job>::iterator j, task_outcome outcome) {
  j->promise.deliver(std::move(outcome));
  running.erase(j);
  start_waiting();
}

void engine_state::cancel(const failure& why) {
  stopping = why;
  for (auto& j : running)
    self->send<caf::message_priority::high>(j.handle, cancel_task{why});
  // What waits is started only to be ended: its record and its event say so.
  while (!waiting.empty()) {
    running.splice(running.end(), waiting, waiting.begin());
    start(std::prev(running.end()));
  }
}

caf::result<drained_outbox> engine_state::drain() {
  auto promise = self->make_response_promise<drained_outbox>();
  self->request(webhook, std::chrono::minutes{60 * 24 * 30}, drain_events{})
    .then(
      [promise](const drained_events& x) mutable {
        promise.deliver(drained_outbox{x.given_up});
      },
      [promise](const caf::error& e) mutable { promise.deliver(e); });
  return promise;
}

void engine_state::service_lost(const caf::error& reason) {
  auto why = to_failure(reason);
  if (config.log)
    config.log("stopping: " + why.what);
  why.kind = failure_class::fail;
  why.hits_all = true;
  why.what = "a service keeps failing: " + why.what;
  cancel(why);
}

engine_state::~engine_state() {
  const failure stopped{failure_class::cancelled,
                        failure_code::interrupted,
                        "the engine stopped",
                        {},
                        {}};
  for (auto* jobs : {&waiting, &running})
    for (auto& j : *jobs) {
      // As they are: the journal says where they go on.
      if (j.handle)
        caf::anon_send_exit(j.handle, caf::exit_reason::user_shutdown);
      j.promise.deliver(unfinished(j.what, task_end::cancelled, stopped));
    }
}

} // namespace pj
