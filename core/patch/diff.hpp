#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace pj::patch {

/// `before[old_at, old_at + old_count)` gives way to
/// `after[new_at, new_at + new_count)`.
struct line_change {
  std::uint32_t old_at = 0;
  std::uint32_t old_count = 0;
  std::uint32_t new_at = 0;
  std::uint32_t new_count = 0;
};

/// The shortest line diff (Myers), in order, neighbours merged. Falls back to
/// one big change for what differs by more than `max_cost` lines, so that time
/// and memory stay near linear.
std::vector<line_change> line_diff(std::span<const std::string_view> before,
                                   std::span<const std::string_view> after,
                                   std::uint32_t max_cost = 2'000);

} // namespace pj::patch
