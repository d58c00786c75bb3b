#pragma once
#include "adapters/work_tree/port.hpp"

#include <filesystem>
#include <memory>

namespace pj {

/// Work trees in new folders below `parent`, which is made when it is missing.
std::shared_ptr<work_tree_port>
make_work_trees(std::shared_ptr<git_port> git,
                std::shared_ptr<process_port> process,
                std::filesystem::path parent);

} // namespace pj
