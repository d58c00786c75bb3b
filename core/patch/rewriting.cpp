#include "core/patch/rewriting.hpp"

#include "core/text.hpp"

#include <array>
#include <utility>

namespace pj::patch {

namespace {

char quote_meant(char c) {
  return c == '"' || c == '\'' || c == '`' ? c : '\0';
}

char meant(char c) {
  switch (c) {
  case 'n':
    return '\n';
  case 't':
    return '\t';
  case '\\':
  case '/':
    return c;
  default:
    return quote_meant(c);
  }
}

template <class Meant>
std::string unescaped(std::string_view text, Meant what) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c =
      text[i] == '\\' && i + 1 < text.size() ? what(text[i + 1]) : '\0';
    out += c ? c : text[i];
    i += c != 0;
  }
  return out;
}

constexpr std::array<std::pair<std::string_view, char>, 6> entities = {{
  {"&amp;", '&'},
  {"&lt;", '<'},
  {"&gt;", '>'},
  {"&quot;", '"'},
  {"&#39;", '\''},
  {"&apos;", '\''},
}};

/// The entity `text` begins with; null: none.
const std::pair<std::string_view, char>* entity_of(std::string_view text) {
  for (const auto& e : entities)
    if (text.starts_with(e.first))
      return &e;
  return nullptr;
}

} // namespace

bool rewriting::make(const hunk& h, const rewriter& rewrite) {
  bool any = false;
  hunk_ = h;
  hunk_.lines.clear();
  for (const auto& l : h.lines) {
    room_.push_back(rewrite(l.text));
    any = any || room_.back() != l.text;
    for (const auto part : split(room_.back(), '\n'))
      hunk_.lines.push_back({l.what, part});
  }
  return any;
}

std::string without_escaped_quotes(std::string_view text) {
  return unescaped(text, quote_meant);
}

std::string without_escapes(std::string_view text) {
  return unescaped(text, meant);
}

std::string without_entities(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto* e = entity_of(text);
    out += e ? e->second : text.front();
    text.remove_prefix(e ? e->first.size() : 1);
  }
  return out;
}

bool has_bare_entity(std::string_view text) {
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (quote_meant(text[i]))
      quote = quote == '\0' ? text[i] : quote == text[i] ? '\0' : quote;
    else if (quote == '\0' && text[i] == '&' && entity_of(text.substr(i)))
      return true;
  }
  return false;
}

} // namespace pj::patch
