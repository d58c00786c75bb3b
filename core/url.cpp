#include "core/url.hpp"

namespace pj {

namespace {

bool is_unreserved(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

} // namespace

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 0xf];
  }
  return out;
}

std::string_view origin_of(std::string_view url) noexcept {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos || scheme == 0)
    return {};
  const auto end = url.find_first_of("/?#", scheme + 3);
  return url.substr(0, end);
}

} // namespace pj
