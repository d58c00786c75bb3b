#include "core/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace pj {

namespace {

/// Space, tab, line feed, vertical tab, form feed and CR.
bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// How many bytes below 0x80 the text begins with; eight are looked at at once.
std::size_t ascii_bytes(std::string_view text) noexcept {
  std::size_t n = 0;
  for (std::uint64_t word = 0; n + 8 <= text.size(); n += 8) {
    std::memcpy(&word, text.data() + n, 8);
    if ((word & 0x8080'8080'8080'8080) != 0)
      break;
  }
  while (n < text.size() && static_cast<unsigned char>(text[n]) < 0x80)
    ++n;
  return n;
}

char small(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), small);
  return out;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return small(x) == small(y); });
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  for (;;) {
    const auto at = text.find(separator);
    out.push_back(text.substr(0, at));
    if (at == std::string_view::npos)
      return out;
    text.remove_prefix(at + 1);
  }
}

std::size_t sequence_length(std::string_view s) noexcept {
  auto at = [s](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const auto lead = at(0);
  if (lead < 0x80)
    return 1;
  const std::size_t n = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || s.size() < n)
    return 0;
  for (std::size_t i = 1; i < n; ++i)
    if ((at(i) & 0xc0) != 0x80)
      return 0;
  const bool overlong =
    (lead == 0xe0 && at(1) < 0xa0) || (lead == 0xf0 && at(1) < 0x90);
  const bool surrogate = lead == 0xed && at(1) > 0x9f;
  const bool too_big = lead == 0xf4 && at(1) > 0x8f;
  return overlong || surrogate || too_big ? 0 : n;
}

bool is_valid_utf8(std::string_view text) noexcept {
  for (;;) {
    text.remove_prefix(ascii_bytes(text));
    if (text.empty())
      return true;
    const auto n = sequence_length(text);
    if (n == 0)
      return false;
    text.remove_prefix(n);
  }
}

std::string_view clipped(std::string_view text,
                         std::size_t max_bytes) noexcept {
  if (text.size() <= max_bytes)
    return text;
  auto end = max_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
    --end;
  return text.substr(0, end);
}

std::string printable(std::string_view text, std::size_t max_bytes) {
  const auto part = clipped(text, max_bytes);
  std::string out(part);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      c = '?';
  if (part.size() < text.size())
    out += "…";
  return out;
}

} // namespace pj
