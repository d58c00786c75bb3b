#pragma once
#include "core/spec/cache_limits.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace pj {

/// What was removed from the git cache.
struct pruned {
  std::size_t mirrors = 0;
  std::uint64_t bytes = 0;
};

/// Removes the mirrors that nobody uses: those not used for `max_age`, and the
/// least recently used ones until the rest has at most `max_bytes`. What any
/// process uses stays. Never fails: what cannot be removed stays, too.
pruned prune_mirrors(const std::filesystem::path& cache,
                     const cache_limits& limits);

} // namespace pj
