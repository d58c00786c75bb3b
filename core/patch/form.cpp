#include "core/patch/form.hpp"

#include "core/patch/line.hpp"
#include "core/patch/unicode.hpp"

#include <functional>

namespace pj::patch {

namespace {

void squeeze(std::string_view text, std::string& out) {
  out.clear();
  bool gap = false;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t';
    if (blank && !gap)
      out += ' ';
    if (!blank)
      out += c;
    gap = blank;
  }
}

/// Two blanks in a row, or a tab.
bool has_run(std::string_view text) {
  bool gap = false;
  for (const char c : text) {
    if (c == '\t' || (gap && c == ' '))
      return true;
    gap = c == ' ';
  }
  return false;
}

} // namespace

std::string_view seen_as(std::string_view text, form how, std::string& room) {
  if (how == form::exact)
    return text;
  text = without_trailing(text);
  if (how == form::no_trailing)
    return text;
  text = without_leading(text);
  if (how == form::no_indent)
    return text;
  if (!is_ascii(text)) {
    room = folded_unicode(text);
    text = without_leading(without_trailing(room));
  }
  if (how == form::folded || !has_run(text))
    return text;
  std::string squeezed;
  squeeze(text, squeezed);
  room = std::move(squeezed);
  return room;
}

std::uint64_t line_hash(std::string_view text, form how) {
  std::string room;
  const auto seen = seen_as(text, how, room);
  if (seen.empty())
    return blank_hash;
  const std::uint64_t hash = std::hash<std::string_view>{}(seen);
  return hash == blank_hash ? 1 : hash;
}

bool same_line(std::string_view a, std::string_view b, form how) {
  std::string room_a;
  std::string room_b;
  return seen_as(a, how, room_a) == seen_as(b, how, room_b);
}

} // namespace pj::patch
