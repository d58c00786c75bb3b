#pragma once
#include "apps/mock/pull_store.hpp"

#include <optional>
#include <string>

namespace pj::doubles {

/// What base and head are at now: what an answer on merging them holds for.
std::string merge_key(const repositories& where, const pull& p);

/// Merges head and base without conflict. Blocks: asks git.
bool merges_cleanly(const repositories& where, const pull& p);

/// Puts the merge on the base branch as `method` says ("merge", "squash" or
/// "rebase") and gives its commit; nothing when there are conflicts. Blocks.
std::optional<std::string> merge(const repositories& where, const pull& p,
                                 const std::string& method);

} // namespace pj::doubles
