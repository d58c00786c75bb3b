#pragma once
#include "messages/protocol.hpp"

#include <cstdint>
#include <memory>

namespace pj {

/// Private: a worker thread finished job `id` of this actor.
struct job_finished {
  std::uint64_t id = 0;
  std::shared_ptr<void> outcome; ///< a `result` of the job's reply type
};

} // namespace pj

PJ_LOCAL_MESSAGE(pj::job_finished)
