#pragma once
#include "adapters/git/port.hpp"
#include "adapters/process/port.hpp"
#include "apps/pj/doctor/finding.hpp"
#include "core/spec/environment.hpp"

namespace pj {

/// Asks the server of the task's repository, fetches its base branch into the
/// cache as the task would, and looks at what its checks need. Blocks.
findings check_repository(const task_input& task, git_port& git,
                          const process_port& process);

} // namespace pj
