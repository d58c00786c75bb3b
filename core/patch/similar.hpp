#pragma once
#include "core/patch/document.hpp"
#include "core/patch/edit.hpp"

#include <optional>
#include <string>

namespace pj::patch {

/// The lines of a file that look most like a hunk's old lines.
struct likeness {
  std::uint32_t first = 0; ///< from 0
  std::uint32_t count = 0;
  double score = 0; ///< 0 to 1; 1: equal but for white space
};

/// The best window with a score of at least 0.6. Linear in the file: lines in
/// common vote for where the hunk would begin; without any, the hunk's most
/// telling line is compared by its letter pairs. For messages, never for
/// writing.
std::optional<likeness> most_similar(const hunk& h, const document& in);

/// The window with five lines around it, each as ` 12| text`.
std::string numbered(const likeness& at, const document& in);

} // namespace pj::patch
