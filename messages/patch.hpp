#pragma once
#include "core/patch/patch.hpp"
#include "messages/abandon.hpp"
#include "messages/jobs.hpp"
#include "messages/protocol.hpp"

#include <memory>
#include <string>

namespace pj {

/// Read an answer and find the places it means.
struct plan_change {
  std::string task;
  std::string answer;
  std::shared_ptr<const source_tree> tree;
  std::shared_ptr<const change_set> staged; ///< of earlier rounds; may be null
  bool truncated = false;
};

struct planned_change {
  std::shared_ptr<const patch::verdict> verdict;
};

using patch_actor =
  caf::typed_actor<on<planned_change, plan_change>, // a change with a place, or
                                                    // a refusal
                   on<void, abandon>,               // stop a task's work
                   on<void, job_finished>>;         // private: a worker is done

} // namespace pj

PJ_LOCAL_MESSAGE(pj::plan_change)
PJ_LOCAL_MESSAGE(pj::planned_change)
