#include "core/escape.hpp"

#include "core/text.hpp"

#include <array>
#include <cstdint>
#include <utility>

namespace pj {

namespace {

constexpr std::string_view hex = "0123456789abcdef";

std::uint32_t code_point(std::string_view sequence) {
  constexpr std::array<unsigned, 5> lead_bits = {0, 0x7f, 0x1f, 0x0f, 0x07};
  auto out =
    static_cast<unsigned char>(sequence[0]) & lead_bits[sequence.size()];
  for (char c : sequence.substr(1))
    out = out << 6 | (static_cast<unsigned char>(c) & 0x3fu);
  return out;
}

/// Characters that move, hide or reorder what a person reads.
bool is_control(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c ||
         (c >= 0x200e && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

void append_escape(std::string& out, std::uint32_t c) {
  switch (c) {
  case '\n':
    out += "\\n";
    return;
  case '\r':
    out += "\\r";
    return;
  case '\t':
    out += "\\t";
    return;
  default:
    break;
  }
  out += c < 0x100 ? "\\x" : "\\u";
  for (int down = c < 0x100 ? 4 : 12; down >= 0; down -= 4)
    out += hex[c >> down & 15];
}

/// Appends the first character of `text` and gives its length.
std::size_t append_one(std::string& out, std::string_view text,
                       std::string_view allowed) {
  const auto n = sequence_length(text);
  if (n == 0) {
    append_escape(out, static_cast<unsigned char>(text[0]));
    return 1;
  }
  const auto c = code_point(text.substr(0, n));
  if (is_control(c) && (c > 0x7f || allowed.find(text[0]) == allowed.npos))
    append_escape(out, c);
  else
    out += text.substr(0, n);
  return n;
}

std::string made_visible(std::string_view text, std::string_view allowed) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty())
    text.remove_prefix(append_one(out, text, allowed));
  return out;
}

/// Bytes at the end that may be the start of a sequence still to come.
std::size_t unfinished(std::string_view text) {
  for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    const auto c = static_cast<unsigned char>(text[text.size() - back]);
    const std::size_t needs = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc2 ? 2 : 0;
    if (needs > back)
      return back;
    if ((c & 0xc0) != 0x80)
      return 0;
  }
  return 0;
}

} // namespace

std::string escaped(std::string_view text) {
  return made_visible(text, "");
}

std::string terminal_filter::operator()(std::string_view piece) {
  auto text = std::exchange(waiting_, {});
  text += piece;
  const auto keep = unfinished(text);
  waiting_ = text.substr(text.size() - keep);
  return made_visible(std::string_view(text).substr(0, text.size() - keep),
                      "\n\t");
}

std::string terminal_filter::finish() {
  return made_visible(std::exchange(waiting_, {}), "\n\t");
}

} // namespace pj
