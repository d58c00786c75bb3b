#pragma once
#include "actors/task.hpp"
#include "messages/engine.hpp"

#include <caf/actor_addr.hpp>
#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <vector>

namespace pj {

struct engine_config {
  /// Completes what a submitted task is made of.
  std::function<task_setup(const submit_task&)> prepare;
  std::size_t max_running = 1'000; ///< tasks at once; the rest wait in line
  int max_starts = 3;              ///< of one task, when its actor crashes
  std::shared_ptr<observer> watch; ///< of the tasks; may be none
  std::function<void(const std::string&)> log; ///< may be empty
};

/// Admits tasks, owns every handle, and ends everything when a service cannot
/// be kept alive.
struct engine_state {
  static inline const char* name = "engine";
  explicit engine_state(engine_actor::pointer ptr) : self(ptr) {}
  ~engine_state(); // answers what is pending

  struct job {
    submit_task what;
    caf::typed_response_promise<task_outcome> promise;
    task_actor handle; ///< null while waiting
    int starts = 0;
    std::shared_ptr<work_clock> clock; ///< of all starts together
    task_services services;            ///< whom it asks
  };

  engine_actor::behavior_type behavior();
  caf::result<task_outcome> submit(submit_task what);
  void start_waiting();
  void start(std::list<job>::iterator j);
  void crashed(std::list<job>::iterator j, const failure& why,
               bool may_restart);
  void finish(std::list<job>::iterator j, task_outcome outcome);
  void cancel(const failure& why);
  caf::result<drained_outbox> drain();
  void service_lost(const caf::error& reason);

  engine_actor::pointer self;
  engine_config config;
  webhook_actor webhook;
  std::optional<failure> stopping; ///< why every task ends
  std::list<job> waiting;
  std::list<job> running;
};

/// `keepers` are watched: when one gives up, every task ends.
engine_actor::behavior_type
engine(engine_actor::stateful_pointer<engine_state> self, webhook_actor webhook,
       std::vector<caf::actor_addr> keepers, engine_config config);

} // namespace pj
