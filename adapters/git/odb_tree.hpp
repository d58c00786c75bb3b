#pragma once
#include "adapters/git/handles.hpp"
#include "core/tree.hpp"

#include <memory>

namespace pj {
struct git_options;
}

namespace pj::git {

/// A tree and what was odd about it.
struct loaded_tree {
  std::shared_ptr<const source_tree> tree;
  std::vector<std::string> warnings;
};

/// Lists the whole tree of a commit, with sizes, and so proves that all of it
/// is there. Files are read when asked for. Takes the repository: the tree
/// must be its only user. Fails when it is incomplete or beyond the limits.
/// Paths that no work tree may hold (`..`, `.git`) are left out with a warning.
result<loaded_tree> load_tree(repository_ptr from, const git_oid& commit,
                              const git_options& limits);

} // namespace pj::git
