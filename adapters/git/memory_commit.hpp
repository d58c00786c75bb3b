#pragma once
#include "adapters/git/handles.hpp"
#include "adapters/git/port.hpp"

#include <set>

namespace pj::git {

/// A mirror in which everything made stays in memory and is gone with it. For
/// one thread.
class scratch {
public:
  static result<scratch> open(const snapshot& at);

  git_repository* get() const { return repository_.get(); }

  /// Sees what was fetched into the mirror since.
  result<done> refresh();

private:
  scratch(std::filesystem::path mirror, repository_ptr repository, odb_ptr odb);

  std::filesystem::path packs_;
  repository_ptr repository_;
  odb_ptr odb_;
  std::set<std::filesystem::path> known_;
};

/// Makes blobs, trees and the commit in `repository`; no reference moves. The
/// same request gives the same id, everywhere and always. Fails when the
/// change changes nothing.
result<git_oid> make_commit(git_repository* repository,
                            const commit_request& what);

} // namespace pj::git
