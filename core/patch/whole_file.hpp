#pragma once
#include "core/patch/document.hpp"
#include "core/patch/edit.hpp"

#include <string>
#include <string_view>

namespace pj::patch {

/// Why the whole file that an edit brings may not take the old one's place: it
/// is an excerpt or leaves lines out. Empty: it may.
std::string wrong_replacement(const file_edit& edit, const document& old);

/// The block has no line that the file has not: it shows some of it.
bool only_shows(const file_edit& edit, const document& old);

/// Whole files come with LF; the file keeps its own endings and BOM.
std::string written_like(std::string_view content, const document& old);

} // namespace pj::patch
