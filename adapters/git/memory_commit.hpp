#pragma once
#include "adapters/git/handles.hpp"
#include "adapters/git/port.hpp"

namespace pj::git {

/// Opens the bare repository of `at.mirror` so that everything made in it
/// stays in memory and is gone with the handle.
result<repository_ptr> open_scratch(const snapshot& at);

/// Makes blobs, trees and the commit in `repository`; no reference moves. The
/// same request gives the same id, everywhere and always. Fails when the
/// change changes nothing.
result<git_oid> make_commit(git_repository* repository,
                            const commit_request& what);

} // namespace pj::git
