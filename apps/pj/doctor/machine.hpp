#pragma once
#include "adapters/environment.hpp"
#include "adapters/process/runner.hpp"
#include "apps/pj/doctor/finding.hpp"
#include "core/tree.hpp"

#include <memory>

namespace pj {

/// Whether the program's folders can be written and have room. Makes them.
findings check_folders(const user_folders& folders);

/// The sandbox and ctags; without them a task still runs, but not as well.
findings check_tools(const std::shared_ptr<process_runner>& process);

/// Whether the programs that this repository's checks need are here.
finding check_check_tools(const source_tree& tree, const process_port& process);

} // namespace pj
