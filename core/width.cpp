#include "core/width.hpp"

#include "core/text.hpp"

#include <utf8proc.h>

#include <utility>

namespace pj {

namespace {

/// Bytes and columns of the first character; a broken byte is one of each.
std::pair<std::size_t, std::size_t> first_character(std::string_view text) {
  const auto n = sequence_length(text);
  if (n <= 1)
    return {1, static_cast<unsigned char>(text[0]) < 0x20 ? 0 : 1};
  utf8proc_int32_t code = 0;
  utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                   static_cast<utf8proc_ssize_t>(n), &code);
  const auto width = utf8proc_charwidth(code);
  return {n, width < 0 ? 0 : static_cast<std::size_t>(width)};
}

} // namespace

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const auto [bytes, wide] = first_character(text);
    columns += wide;
    text.remove_prefix(bytes);
  }
  return columns;
}

std::string_view fitting(std::string_view text, std::size_t columns) {
  std::size_t end = 0;
  std::size_t used = 0;
  while (end < text.size()) {
    const auto [bytes, wide] = first_character(text.substr(end));
    if (used + wide > columns)
      break;
    used += wide;
    end += bytes;
  }
  return text.substr(0, end);
}

} // namespace pj
