#include "core/patch/numbers.hpp"

#include <charconv>
#include <cstdint>
#include <optional>

namespace pj::patch {

namespace {

struct numbered_line {
  std::uint32_t number = 0;
  number_sign sign = number_sign::sure;
  std::string_view rest;
};

/// ` 12| text`, ` 12: text`, ` 12→text` or ` 12<tab>text`.
std::optional<numbered_line> read_number(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == text.npos)
    return std::nullopt;
  text.remove_prefix(first);
  numbered_line out;
  const auto [end, error] =
    std::from_chars(text.data(), text.data() + text.size(), out.number);
  if (error != std::errc{})
    return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  for (const std::string_view sign : {"|", ":", "\xe2\x86\x92", "\t"})
    if (text.starts_with(sign)) {
      out.rest = text.substr(sign.size());
      if (sign == ":" || sign == "\t")
        out.sign = number_sign::odd;
      if (sign != "\t" && out.rest.starts_with(' '))
        out.rest.remove_prefix(1);
      return out;
    }
  return std::nullopt;
}

} // namespace

number_sign strip_numbers(std::vector<std::string_view>& lines) {
  std::vector<std::string_view> out;
  std::uint32_t next = 0;
  auto sign = number_sign::none;
  for (const auto text : lines) {
    const auto n = read_number(text);
    if (!n || (!out.empty() && n->number != next))
      return number_sign::none;
    next = n->number + 1;
    sign = n->sign;
    out.push_back(n->rest);
  }
  if (!out.empty())
    lines = std::move(out);
  return sign;
}

void strip_some_numbers(std::vector<std::string_view>& lines) {
  for (auto& text : lines)
    if (const auto n = read_number(text))
      text = n->rest;
}

} // namespace pj::patch
