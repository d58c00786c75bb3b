#pragma once
#include "core/spec/task_spec.hpp"
#include "core/task/outcome.hpp"
#include "messages/protocol.hpp"
#include "messages/task.hpp"

#include <functional>
#include <memory>
#include <string>

namespace pj {

/// Run one task; waits in line when the engine is full.
struct submit_task {
  std::shared_ptr<const task_spec> spec;
  std::string group; ///< batch name, for fairness; may be empty

  /// The deadline counts work only: it stands still while limits that tasks
  /// share (the model's limiter, GitHub's pace) hold this one back.
  bool waiting_is_free = false;
};

/// A task and who is to hear of its end, once, on an engine thread.
struct submission {
  submit_task what;
  std::function<void(task_outcome)> then;
};

/// End every task: running ones are cancelled, waiting ones never start.
struct cancel_everything {
  failure why;
};

/// Reply once every event is delivered or given up.
struct drain_outbox {};

struct drained_outbox {
  std::uint64_t given_up = 0;
};

using engine_actor =
  caf::typed_actor<on<task_outcome, submit_task>,     // admit, run, report
                   on<void, cancel_everything>,       // Ctrl-C
                   on<drained_outbox, drain_outbox>>; // at the end of a process

using reception_actor =
  caf::typed_actor<on<void, submission>>; // between threads and the engine

} // namespace pj

PJ_LOCAL_MESSAGE(pj::submit_task)
PJ_LOCAL_MESSAGE(pj::submission)
PJ_LOCAL_MESSAGE(pj::cancel_everything)
PJ_LOCAL_MESSAGE(pj::drain_outbox)
PJ_LOCAL_MESSAGE(pj::drained_outbox)
