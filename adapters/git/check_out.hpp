#pragma once
#include "adapters/git/port.hpp"

namespace pj::git {

/// Writes the tree with the change applied into an empty folder. A failure
/// leaves a part behind; the folder is the caller's to remove.
result<done> check_out(const snapshot& from, const change_set* change,
                       const std::filesystem::path& folder,
                       std::stop_token stop);

} // namespace pj::git
