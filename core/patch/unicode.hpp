#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace pj::patch {

bool is_ascii(std::string_view text) noexcept;

/// The ASCII character a model may have written for this one; 0: none.
char plain_mark(std::int32_t c) noexcept;

/// Calls `see(code point, its bytes)` for each of a text's; a byte that is not
/// UTF-8 comes as code point -1.
void each_code_point(
  std::string_view text,
  const std::function<void(std::int32_t, std::string_view)>& see);

/// NFC, with dashes, quotes and spaces as their ASCII cousins. Text that is not
/// valid UTF-8 comes back unchanged.
std::string folded_unicode(std::string_view text);

/// NFC and without regard to case, for comparing paths. Text that is not valid
/// UTF-8 comes back with its ASCII letters made small.
std::string folded_path(std::string_view text);

} // namespace pj::patch
