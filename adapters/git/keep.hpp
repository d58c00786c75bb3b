#pragma once
#include "adapters/git/port.hpp"

namespace pj::git {

/// Makes the commit in `folder/repository.git`, on `branch`, and writes it as
/// `folder/change.patch` for `git am`. The repository stands alone: its packs
/// are the mirror's, linked where the file system can. What an earlier call
/// left in the folder is replaced.
result<kept_commit> keep(const commit_request& what, const std::string& branch,
                         const std::filesystem::path& folder);

} // namespace pj::git
