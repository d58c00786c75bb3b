#pragma once
#include "core/result.hpp"

#include <filesystem>

namespace pj::git {

/// A mirror's file `shallow` names the commits whose parents it lacks. libgit2
/// (1.8) keeps only those of its last download there; this puts the others
/// back, from a list of our own. Call it with the mirror locked, before and
/// after a download.
result<done> keep_shallow_roots(const std::filesystem::path& mirror);

} // namespace pj::git
