#pragma once
#include "messages/error.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <optional>

namespace pj::test {

struct config : caf::actor_system_config {
  config() {
    pj::add_error_category(*this);
    set("scheduler.policy", caf::atom("testing"));
  }
};

/// One thread, one queue, a clock that moves only when told to.
struct actors {
  config cfg;
  caf::actor_system sys{cfg};
  caf::scoped_actor self{sys, true};
  caf::scheduler::test_coordinator& sched =
    dynamic_cast<caf::scheduler::test_coordinator&>(sys.scheduler());

  void run() { sched.run(); }

  /// Moves the clock and lets everything due happen, step by step, so that
  /// timers set on the way fire as well.
  void pass(std::chrono::milliseconds time,
            std::chrono::milliseconds step = std::chrono::milliseconds{100}) {
    for (; time.count() > 0; time -= step) {
      sched.advance_time(std::min(time, step));
      run();
    }
  }

  template <class Handle>
  void stop(Handle& handle) {
    self->send_exit(handle, caf::exit_reason::user_shutdown);
    handle = nullptr;
    run();
  }
};

/// What a request came back with.
template <class Reply>
struct answer {
  std::optional<Reply> value;
  std::optional<failure> error;
  explicit operator bool() const { return value.has_value(); }
};

/// A request under way; `get` when the scheduler has run dry.
template <class Reply, class Response>
answer<Reply> take(Response& response) {
  answer<Reply> out;
  response.receive([&](Reply& x) { out.value = std::move(x); },
                   [&](const caf::error& e) { out.error = to_failure(e); });
  return out;
}

} // namespace pj::test
