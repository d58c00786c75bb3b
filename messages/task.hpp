#pragma once
#include "core/failure.hpp"
#include "core/task/outcome.hpp"
#include "messages/protocol.hpp"

#include <cstdint>
#include <functional>

namespace pj {

/// Walk the stages; the reply comes at the end, good or bad.
struct start_task {};

/// End now: the stage stops, the failure event goes out.
struct cancel_task {
  failure why; ///< class `cancelled`
};

/// Private: run the current stage again, after a back-off.
struct resume_stage {
  std::uint64_t generation = 0; ///< older ones are ignored
};

/// Private: what is not on disk yet is to be written.
struct write_due {
  bool after_failure = false; ///< the journal could not, and may be back
};

/// Private: limits shared with other tasks hold it back, or no longer do.
struct held_back {
  bool now = true;
};

/// Private: the deadline passed.
struct deadline_passed {};

using task_actor =
  caf::typed_actor<on<task_outcome, start_task>, // from prompt to pull request
                   on<void, cancel_task>,  // a person or the engine ends it
                   on<void, resume_stage>, // private: back-off is over
                   on<void, write_due>, // private: rows have waited long enough
                   on<void, held_back>, // private: its time stands still
                   on<void, deadline_passed>>; // private: time is up

} // namespace pj

PJ_LOCAL_MESSAGE(pj::start_task)
PJ_LOCAL_MESSAGE(pj::cancel_task)
PJ_LOCAL_MESSAGE(pj::resume_stage)
PJ_LOCAL_MESSAGE(pj::write_due)
PJ_LOCAL_MESSAGE(pj::held_back)
PJ_LOCAL_MESSAGE(pj::deadline_passed)
PJ_LOCAL_MESSAGE(pj::task_outcome)
