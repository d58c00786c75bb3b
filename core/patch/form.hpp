#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace pj::patch {

/// How two lines are compared. Each form forgives what the ones before it do.
enum class form : std::uint8_t {
  exact,
  no_trailing, ///< trailing blanks ignored
  no_indent,   ///< leading blanks too
  folded,      ///< Unicode punctuation and NFC
  squeezed,    ///< runs of blanks count as one
};
inline constexpr std::size_t form_count = 5;

/// The part or rewriting of a line that a form compares. `room` holds the
/// bytes when the line had to be rewritten.
std::string_view seen_as(std::string_view text, form how, std::string& room);

/// Hash of `seen_as`. Blank lines have `blank_hash` in every form but `exact`.
std::uint64_t line_hash(std::string_view text, form how);

bool same_line(std::string_view a, std::string_view b, form how);

inline constexpr std::uint64_t blank_hash = 0;

} // namespace pj::patch
