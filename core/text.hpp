#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace pj {

/// ASCII letters and digits.
constexpr bool is_alnum(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')
         || (c >= 'a' && c <= 'z');
}

/// Without ASCII white space at both ends.
std::string_view trimmed(std::string_view text) noexcept;

/// ASCII letters made small; other bytes untouched.
std::string lowered(std::string_view text);

/// Equal but for the case of ASCII letters.
bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// The pieces between separators; n separators give n + 1 pieces.
std::vector<std::string_view> split(std::string_view text, char separator);

/// Bytes of the strictly valid UTF-8 sequence at the start of a text that is
/// not empty; 0 when there is none.
std::size_t sequence_length(std::string_view text) noexcept;

/// Strictly valid UTF-8 (no overlong forms, no surrogates).
bool is_valid_utf8(std::string_view text) noexcept;

/// At most `max_bytes` bytes, cut between code points, never inside one.
std::string_view clipped(std::string_view text, std::size_t max_bytes) noexcept;

/// Fit for one line of a terminal or log: control characters become `?`,
/// longer than `max_bytes` ends in "…".
std::string printable(std::string_view text, std::size_t max_bytes = 200);

} // namespace pj
