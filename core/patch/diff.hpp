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

/// A line diff (Myers), in order, neighbours merged: the shortest while it
/// takes at most `max_cost` lines away and adds them. What differs more is cut
/// at lines that both sides have once and compared between; what differs more
/// even there is one change. So time and memory stay near linear.
std::vector<line_change> line_diff(std::span<const std::string_view> before,
                                   std::span<const std::string_view> after,
                                   std::uint32_t max_cost = 256);

} // namespace pj::patch
