#pragma once
#include "core/patch/splices.hpp"

#include <optional>

namespace pj::patch {

/// The place of a hunk that had to be taken apart to be found.
struct pieced {
  std::vector<splice> changes;
  std::uint32_t line = 0; ///< first line of the place, from 0
};

/// A line that stands for lines left out: `...`, `# ... rest of the code`.
bool is_elision(std::string_view text);

/// The same, but not one that is code in some language: it has comment marks.
bool is_comment_elision(std::string_view text);

/// T7: a hunk with `...` lines that both halves share. Every piece between
/// them must be found in one place, all in order.
std::optional<pieced> place_elided(const hunk& h, document& in, effort& budget);

} // namespace pj::patch
