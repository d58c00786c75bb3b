#pragma once
#include <caf/actor.hpp>
#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/fwd.hpp>
#include <caf/stateful_actor.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <string>

namespace pj {

/// How often a service may come back before its keeper gives up.
struct restart_policy {
  int max_restarts = 5;
  std::chrono::milliseconds within{60'000};
  std::chrono::milliseconds first_delay{100}; ///< doubles up to `max_delay`
  std::chrono::milliseconds max_delay{5'000};
};

/// Makes a fresh service. Spawn options are the caller's.
using service_factory = std::function<caf::actor(caf::actor_system&)>;

/// A stable handle in front of a service: passes every message on and starts
/// the service again when it crashes. Gives up (and ends with the service's
/// reason) after too many crashes in too short a time. Ends the service with
/// itself.
struct keeper_state {
  static inline const char* name = "keeper";
  explicit keeper_state(caf::event_based_actor* ptr) : self(ptr) {}

  caf::behavior behavior();
  void start();
  void child_down(const caf::error& reason);

  caf::event_based_actor* self;
  std::string service; ///< for the log
  service_factory make;
  restart_policy policy;
  std::function<void(const std::string&)> log; ///< may be empty
  caf::actor child;
  std::deque<std::chrono::steady_clock::time_point> crashes;
};

caf::behavior keeper(caf::stateful_actor<keeper_state>* self,
                     std::string service, service_factory make,
                     restart_policy policy,
                     std::function<void(const std::string&)> log);

} // namespace pj
