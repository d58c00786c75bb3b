#include "core/patch/unicode.hpp"

#include "core/text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace pj::patch {

namespace {

struct freed {
  void operator()(utf8proc_uint8_t* p) const noexcept { std::free(p); }
};

/// Zero-width characters that no one can see.
bool invisible(utf8proc_int32_t c) noexcept {
  return c == 0x200b || c == 0x2060 || c == 0xfeff;
}

void fold(std::string_view text, std::string& out) {
  each_code_point(text, [&out](std::int32_t c, std::string_view bytes) {
    if (const char p = plain_mark(c))
      out += p;
    else if (c == 0x2026)
      out += "...";
    else if (!invisible(c))
      out += bytes;
  });
}

/// More marks on one letter than the Stream-Safe Text Format of Unicode
/// (UAX 15) allows: sorting them takes time that grows with their square.
bool has_long_run_of_marks(std::string_view text) {
  constexpr int max_marks = 30;
  int run = 0;
  int longest = 0;
  each_code_point(text, [&](std::int32_t c, std::string_view) {
    run = utf8proc_get_property(c)->combining_class != 0 ? run + 1 : 0;
    longest = std::max(longest, run);
  });
  return longest > max_marks;
}

/// Text with long runs of marks comes back as it is.
std::string mapped(std::string_view text, int options) {
  if (has_long_run_of_marks(text))
    return std::string(text);
  utf8proc_uint8_t* raw = nullptr;
  const auto n =
    utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                 static_cast<utf8proc_ssize_t>(text.size()), &raw,
                 static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, freed> owned(raw);
  if (n < 0)
    return std::string(text);
  return {reinterpret_cast<const char*>(raw), static_cast<std::size_t>(n)};
}

} // namespace

char plain_mark(std::int32_t c) noexcept {
  if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xfe58 ||
      c == 0xfe63 || c == 0xff0d)
    return '-';
  if ((c >= 0x2018 && c <= 0x201b) || c == 0x2032 || c == 0x2035 || c == 0xb4 ||
      c == 0xff07)
    return '\'';
  if ((c >= 0x201c && c <= 0x201f) || c == 0x2033 || c == 0x2036 || c == 0xab ||
      c == 0xbb || c == 0xff02)
    return '"';
  if (c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f ||
      c == 0x3000)
    return ' ';
  return 0;
}

void each_code_point(
  std::string_view text,
  const std::function<void(std::int32_t, std::string_view)>& see) {
  while (!text.empty()) {
    utf8proc_int32_t c = -1;
    const auto n =
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                       static_cast<utf8proc_ssize_t>(text.size()), &c);
    const auto bytes = n > 0 ? static_cast<std::size_t>(n) : 1;
    see(n > 0 ? c : -1, text.substr(0, bytes));
    text.remove_prefix(bytes);
  }
}

bool is_ascii(std::string_view text) noexcept {
  constexpr std::uint64_t high_bits = 0x8080'8080'8080'8080;
  std::uint64_t seen = 0;
  std::size_t i = 0;
  for (std::uint64_t word = 0; i + 8 <= text.size(); i += 8) {
    std::memcpy(&word, text.data() + i, 8);
    seen |= word;
  }
  for (; i < text.size(); ++i)
    seen |= static_cast<unsigned char>(text[i]);
  return (seen & high_bits) == 0;
}

std::string folded_unicode(std::string_view text) {
  if (is_ascii(text) || !is_valid_utf8(text))
    return std::string(text);
  std::string out;
  fold(mapped(text, UTF8PROC_COMPOSE | UTF8PROC_STABLE), out);
  return out;
}

std::string folded_path(std::string_view text) {
  if (is_ascii(text) || !is_valid_utf8(text))
    return lowered(text);
  return mapped(text, UTF8PROC_COMPOSE | UTF8PROC_STABLE | UTF8PROC_CASEFOLD);
}

} // namespace pj::patch
