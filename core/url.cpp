#include "core/url.hpp"

#include "core/escape.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <charconv>

namespace pj {

namespace {

constexpr std::size_t longest_shown = 120;

bool all_of(std::string_view text, std::string_view marks) noexcept {
  return std::all_of(text.begin(), text.end(), [marks](char c) {
    return is_alnum(c) || marks.find(c) != marks.npos;
  });
}

/// "%0a" and its like: harmless in a URL, a new line once decoded.
bool has_escaped_control(std::string_view text) noexcept {
  for (auto at = text.find('%'); at != text.npos; at = text.find('%', at + 1)) {
    unsigned byte = 0;
    const auto digits = text.substr(at + 1, 2);
    const auto end = digits.data() + digits.size();
    if (std::from_chars(digits.data(), end, byte, 16).ptr != end ||
        digits.size() < 2 || byte < 0x20 || byte == 0x7f)
      return true;
  }
  return false;
}

bool is_port(std::string_view text) noexcept {
  unsigned port = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, port);
  return text.size() <= 5 && read.ec == std::errc{} && read.ptr == end &&
         port > 0 && port < 65536;
}

/// Splits `text` before the first of `marks`.
std::string_view take_until(std::string_view& text, std::string_view marks) {
  const auto head = text.substr(0, text.find_first_of(marks));
  text.remove_prefix(head.size());
  return head;
}

bool split_authority(std::string_view text, url_parts& out) {
  if (const auto at = text.rfind('@'); at != text.npos) {
    out.user = text.substr(0, at);
    text.remove_prefix(at + 1);
  }
  const auto bracket = text.rfind(']');
  const auto colon =
    text.find(':', text.starts_with('[') && bracket != text.npos ? bracket : 0);
  out.host = lowered(text.substr(0, colon));
  if (colon == text.npos)
    return is_host(out.host);
  out.port = text.substr(colon + 1);
  return is_host(out.host) && is_port(out.port);
}

bool is_loopback_v4(std::string_view host) noexcept {
  const auto parts = split(host, '.');
  return parts.size() == 4 && parts[0] == "127" &&
         std::all_of(parts.begin(), parts.end(), [](auto part) {
           return !part.empty() && part.size() <= 3 &&
                  std::all_of(part.begin(), part.end(),
                              [](char c) { return c >= '0' && c <= '9'; });
         });
}

} // namespace

std::optional<url_parts> split_url(std::string_view text) {
  if (!all_of(text, "-._~:/?#[]@!$&'()*+,;=%") || has_escaped_control(text))
    return std::nullopt;
  const auto mark = text.find("://");
  if (mark == text.npos || mark == 0)
    return std::nullopt;
  url_parts out;
  out.scheme = lowered(text.substr(0, mark));
  text.remove_prefix(mark + 3);
  if (!split_authority(take_until(text, "/?#"), out))
    return std::nullopt;
  out.path = take_until(text, "?#");
  out.query = text;
  return out;
}

bool is_host(std::string_view text) noexcept {
  if (text.empty() || text.size() > 253)
    return false;
  if (text.front() == '[')
    return text.size() > 3 && text.back() == ']' &&
           text.find_first_not_of("0123456789abcdefABCDEF:.", 1) ==
             text.size() - 1;
  return is_alnum(text.front()) && all_of(text, "-._") &&
         text.find("..") == text.npos;
}

bool is_loopback(std::string_view host) noexcept {
  return host == "localhost" || host.ends_with(".localhost") ||
         host == "[::1]" || is_loopback_v4(host);
}

std::string shown_url(std::string_view text) {
  std::string out;
  if (const auto query = text.find_first_of("?#"); query != text.npos)
    text = text.substr(0, query);
  const auto scheme = text.find("://");
  const auto start = scheme == text.npos ? 0 : scheme + 3;
  const auto at = text.rfind('@');
  const bool login_only =
    at != text.npos && at >= start && text.substr(start, at - start) == "git";
  if (at != text.npos && at >= start && !login_only) {
    out = std::string(text.substr(0, start)) + "***";
    text.remove_prefix(at);
  }
  out += text;
  return printable(escaped(out), longest_shown);
}

std::string shown_origin(std::string_view text) {
  const auto scheme = text.find("://");
  if (scheme == text.npos)
    return text.empty() ? "" : "***";
  const auto rest = text.substr(scheme + 3);
  const auto host = std::find_if_not(rest.begin(), rest.end(), [](char c) {
    return is_alnum(c) ||
           std::string_view("-._:[]").find(c) != std::string_view::npos;
  });
  const auto end = static_cast<std::size_t>(host - rest.begin());
  const auto start = std::string(text.substr(0, scheme + 3));
  if (rest.find('@') != rest.npos)
    return shown_url(start + "***");
  return shown_url(start + std::string(rest.substr(0, end))) +
         (end < rest.size() ? "/***" : "");
}

std::string_view origin_of(std::string_view url) noexcept {
  const auto scheme = url.find("://");
  if (scheme == url.npos || scheme == 0)
    return {};
  return url.substr(0, url.find_first_of("/?#", scheme + 3));
}

std::string percent_encoded(std::string_view text, std::string_view digits) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (all_of({&c, 1}, "-._~"))
      out += c;
    else
      ((out += '%') += digits[byte >> 4]) += digits[byte & 15];
  }
  return out;
}

} // namespace pj
