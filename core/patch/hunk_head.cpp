#include "core/patch/hunk_head.hpp"

#include "core/text.hpp"

#include <charconv>

namespace pj::patch {

namespace {

bool take_number(std::string_view& text, std::uint32_t& out) {
  const auto* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, out);
  if (error != std::errc{})
    return false;
  text.remove_prefix(static_cast<std::size_t>(at - text.data()));
  return true;
}

bool take_range(std::string_view& text, char sign, hunk_head::range& out) {
  text = trimmed(text);
  if (text.empty() || text[0] != sign)
    return false;
  text.remove_prefix(1);
  if (!take_number(text, out.first))
    return false;
  if (!text.starts_with(','))
    return true;
  text.remove_prefix(1);
  return take_number(text, out.count);
}

} // namespace

hunk_head read_hunk_head(std::string_view line) {
  hunk_head h;
  line.remove_prefix(2);
  auto rest = line;
  h.counted = take_range(rest, '-', h.before) && take_range(rest, '+', h.after);
  if (!h.counted)
    rest = line;
  const auto end = rest.find("@@");
  h.text =
    trimmed(end == rest.npos ? (h.counted ? "" : rest) : rest.substr(end + 2));
  if (h.text == "...")
    h.text = {};
  return h;
}

} // namespace pj::patch
