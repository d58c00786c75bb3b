#include "core/patch/line.hpp"

#include <algorithm>

namespace pj::patch {

namespace {

/// Not a space, tab, CR, form feed or vertical tab.
bool solid(char c) noexcept {
  return c != ' ' && (c < '\t' || c > '\r' || c == '\n');
}

} // namespace

std::vector<line> split_lines(std::string_view text) {
  std::vector<line> out;
  out.reserve(text.size() / 24 + 1);
  const bool has_cr = text.find('\r') != text.npos;
  while (!text.empty()) {
    const auto at = has_cr ? text.find_first_of("\r\n") : text.find('\n');
    if (at == text.npos) {
      out.push_back({text, line_end::none, true});
      break;
    }
    const bool cr = text[at] == '\r';
    const bool crlf = cr && at + 1 < text.size() && text[at + 1] == '\n';
    const auto end = crlf ? line_end::crlf : cr ? line_end::cr : line_end::lf;
    out.push_back({text.substr(0, at), end, true});
    text.remove_prefix(at + bytes_of(end).size());
  }
  return out;
}

std::string_view bytes_of(line_end end) noexcept {
  switch (end) {
  case line_end::lf:
    return "\n";
  case line_end::crlf:
    return "\r\n";
  case line_end::cr:
    return "\r";
  case line_end::none:
    break;
  }
  return {};
}

bool is_blank(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(), solid);
}

std::string_view without_trailing(std::string_view text) noexcept {
  auto n = text.size();
  while (n > 0 && !solid(text[n - 1]))
    --n;
  return text.substr(0, n);
}

std::string_view without_leading(std::string_view text) noexcept {
  std::size_t n = 0;
  while (n < text.size() && !solid(text[n]))
    ++n;
  return text.substr(n);
}

std::string_view indent_of(std::string_view text) noexcept {
  const auto n = text.find_first_not_of(" \t");
  return text.substr(0, n == text.npos ? text.size() : n);
}

std::size_t solid_bytes(std::string_view text) noexcept {
  return static_cast<std::size_t>(
    std::count_if(text.begin(), text.end(), solid));
}

} // namespace pj::patch
