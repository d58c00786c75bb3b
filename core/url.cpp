#include "core/url.hpp"

#include "core/text.hpp"

namespace pj {

namespace {

bool is_unreserved(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_'
         || c == '~';
}

/// Four decimal numbers up to 255, the first one 127.
bool is_loopback_v4(std::string_view host) noexcept {
  const auto parts = split(host, '.');
  if (parts.size() != 4 || parts[0] != "127")
    return false;
  for (auto part : parts) {
    if (part.empty() || part.size() > 3
        || part.find_first_not_of("0123456789") != std::string_view::npos)
      return false;
  }
  return true;
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

std::string host_of(std::string_view url) {
  auto origin = origin_of(url);
  if (origin.empty())
    return {};
  auto host = origin.substr(origin.find("://") + 3);
  if (const auto at = host.rfind('@'); at != std::string_view::npos)
    host.remove_prefix(at + 1);
  if (host.starts_with('['))
    return lowered(host.substr(1, host.find(']') - 1));
  return lowered(host.substr(0, host.find(':')));
}

bool is_loopback_host(std::string_view host) noexcept {
  return equal_ignoring_case(host, "localhost") || host == "::1"
         || is_loopback_v4(host);
}

} // namespace pj
