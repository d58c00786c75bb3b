#pragma once
#include "core/result.hpp"
#include "core/spec/environment.hpp"

#include <chrono>
#include <cstdint>

namespace pj {

/// How much of the git cache is kept once nobody uses it.
struct cache_limits {
  std::uint64_t max_bytes = 20'000'000'000;
  std::chrono::seconds max_age = std::chrono::days{30}; ///< since the last use
};

/// `PJ_CACHE_MAX_GB` and `PJ_CACHE_MAX_DAYS`; fractions allowed. The failure
/// (code `configuration`) has every problem, one line each.
result<cache_limits> read_cache_limits(const settings& from);

} // namespace pj
