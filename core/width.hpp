#pragma once
#include <cstddef>
#include <string_view>

namespace pj {

/// Columns that a text takes on a terminal; 0 for combining characters, 2 for
/// wide ones. Control characters count as nothing: `escaped` makes them text.
std::size_t display_width(std::string_view text);

/// The longest start of the text that fits into so many columns.
std::string_view fitting(std::string_view text, std::size_t columns);

} // namespace pj
