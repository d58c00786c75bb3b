#include "core/html.hpp"

#include "core/escape.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace pj {

namespace {

std::string without_markup(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text)
    switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '"':
      out += "&quot;";
      break;
    case '\'':
      out += "&#39;";
      break;
    default:
      out += c;
    }
  return out;
}

} // namespace

std::string html(std::string_view text) {
  return without_markup(escaped(text));
}

std::string html_lines(std::string_view text) {
  terminal_filter safe;
  auto out = safe(text);
  return without_markup(out + safe.finish());
}

std::string html_address(std::string_view url) {
  const auto scheme = lowered(url.substr(0, 8));
  const bool web = scheme.starts_with("http://") || scheme == "https://";
  const bool plain = std::none_of(url.begin(), url.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f;
  });
  return web && plain ? html(url) : std::string{};
}

} // namespace pj
