#pragma once
#include "core/patch/document.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pj::patch {

/// How far the document's indentation is from the hunk's.
struct shift {
  bool constant = false; ///< the same for every non-blank line
  int columns = 0;       ///< document minus hunk
  int tab = 0;           ///< columns of a tab; 0: tabs need no counting
  bool tabs = false;     ///< the document's lines there begin with tabs
  bool none = false;     ///< the indentations are equal byte for byte
};

/// Compares the old lines with the document's lines they matched.
shift shift_between(const std::vector<std::string_view>& old,
                    const std::vector<std::uint32_t>& match,
                    const document& in);

/// An added line as it must be written there.
std::string reindented(std::string_view text, const shift& by);

} // namespace pj::patch
