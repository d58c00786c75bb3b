#pragma once
#include "core/patch/splices.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace pj::patch {

/// The place of a hunk that had to be taken apart to be found.
struct pieced {
  std::vector<splice> changes;
  std::uint32_t line = 0; ///< first line of the place, from 0
};

/// A line that stands for lines left out: `...`, `# ... rest of the code`.
bool is_elision(std::string_view text);

/// The same, but not one that is code in some language: it has comment marks.
/// Knows it in words too: `# existing code here`.
bool is_comment_elision(std::string_view text);

/// A comment elision among lines to write that the file does not have.
bool leaves_lines_out(std::span<const std::string_view> fresh,
                      const document& old);

/// T7: a hunk with `...` lines that both halves share. Every piece between
/// them must be found in one place, all in order.
std::optional<pieced> place_elided(const hunk& h, document& in, effort& budget);

} // namespace pj::patch
