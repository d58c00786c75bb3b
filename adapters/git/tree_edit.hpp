#pragma once
#include "adapters/git/handles.hpp"
#include "core/change.hpp"

namespace pj::git {

/// Makes the tree that `change` makes of `before` in the repository's object
/// database; folders that are not touched are taken over as they are. Fails
/// when the change does not fit: a path that is not there, is not safe, or is
/// a file here and a folder there.
result<git_oid> edit_tree(git_repository* repository, const git_tree* before,
                          const change_set& change);

} // namespace pj::git
