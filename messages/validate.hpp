#pragma once
#include "adapters/git/port.hpp"
#include "core/validate/checks.hpp"
#include "messages/abandon.hpp"
#include "messages/jobs.hpp"
#include "messages/protocol.hpp"

#include <memory>
#include <string>
#include <vector>

namespace pj {

/// Run the checks the repository and the spec call for.
struct validate_change {
  std::string task;
  snapshot base;
  std::shared_ptr<const change_set> change;
  std::vector<check_spec> checks;
};

struct validated_change {
  validation_report report;
};

using validate_actor =
  caf::typed_actor<on<validated_change, validate_change>, // run checks in a
                                                          // sandbox
                   on<void, abandon>,       // stop a task's commands
                   on<void, job_finished>>; // private: a worker is done

} // namespace pj

PJ_LOCAL_MESSAGE(pj::validate_change)
PJ_LOCAL_MESSAGE(pj::validated_change)
