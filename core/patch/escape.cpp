#include "core/patch/escape.hpp"

#include "core/text.hpp"

namespace pj::patch {

namespace {

bool has_escape(const hunk& h) {
  for (const auto& l : h.lines)
    if (l.text.find('\\') != l.text.npos)
      return true;
  return false;
}

char meant(char c) {
  switch (c) {
  case 'n':
    return '\n';
  case 't':
    return '\t';
  case '"':
  case '\'':
  case '\\':
  case '`':
  case '/':
    return c;
  default:
    return 0;
  }
}

std::string without_escapes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c =
      text[i] == '\\' && i + 1 < text.size() ? meant(text[i + 1]) : '\0';
    out += c ? c : text[i];
    i += c != 0;
  }
  return out;
}

} // namespace

bool unescaped::make(const hunk& h) {
  if (!has_escape(h))
    return false;
  hunk_ = h;
  hunk_.lines.clear();
  for (const auto& l : h.lines) {
    room_.push_back(without_escapes(l.text));
    for (const auto part : split(room_.back(), '\n'))
      hunk_.lines.push_back({l.what, part});
  }
  return true;
}

} // namespace pj::patch
