#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pj::patch {

enum class line_end : std::uint8_t { none, lf, crlf, cr };

/// Texts with more lines are not handled, to bound memory.
inline constexpr std::size_t max_lines = 2'000'000;

/// One line of a text; `text` is without its ending and owns nothing.
struct line {
  std::string_view text;
  line_end end = line_end::lf;
  bool joined = false; ///< the bytes of `end` follow `text` in memory
};

/// The lines of a text. Only the last may lack an ending; a text that ends in
/// one has no empty line after it. A lone CR ends a line too.
std::vector<line> split_lines(std::string_view text);

std::string_view bytes_of(line_end end) noexcept;

/// Blanks are space, tab, CR, form feed and vertical tab.
bool is_blank(std::string_view text) noexcept;
std::string_view without_trailing(std::string_view text) noexcept;
std::string_view without_leading(std::string_view text) noexcept;

/// The leading spaces and tabs.
std::string_view indent_of(std::string_view text) noexcept;

/// How many bytes are not blanks.
std::size_t solid_bytes(std::string_view text) noexcept;

} // namespace pj::patch
