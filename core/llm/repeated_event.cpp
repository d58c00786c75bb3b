#include "core/llm/repeated_event.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace pj::llm {

namespace {

constexpr std::size_t most_digits = 18;

/// Whether JSON may hold the text between quotes as it stands.
bool is_plain(std::string_view text) noexcept {
  unsigned char all = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || c == '\\')
      return false;
    all |= byte;
  }
  return all < 0x80 || is_valid_utf8(text);
}

/// The natural number at the start, as JSON writes it; else empty.
std::string_view number_in(std::string_view text) noexcept {
  std::size_t n = 0;
  while (n < text.size() && text[n] >= '0' && text[n] <= '9')
    ++n;
  const bool is_number =
    n > 0 && n <= most_digits && (text[0] != '0' || n == 1);
  return text.substr(0, is_number ? n : 0);
}

} // namespace

/// Nothing when the key is not there once, or its value is of another kind.
std::optional<repeated_event::place>
repeated_event::find_value(std::string_view block, std::string_view key) {
  const auto found = block.find(key);
  if (found == block.npos || block.find(key, found + 1) != block.npos)
    return std::nullopt;
  const auto at = block.find_first_not_of(": ", found + key.size());
  if (at == block.npos)
    return std::nullopt;
  const auto rest = block.substr(at);
  if (const auto digits = number_in(rest); !digits.empty())
    return place{at, digits.size(), filling::number};
  if (rest[0] != '"')
    return std::nullopt;
  const auto value = rest.substr(1, rest.find('"', 1) - 1);
  if (value.size() + 2 > rest.size() || !is_plain(value))
    return std::nullopt;
  return place{at + 1, value.size(), filling::string};
}

void repeated_event::learn(std::string_view block, std::string_view key,
                           std::string_view text, keys noise) {
  parts_.clear();
  if (!is_worth_learning())
    return;
  auto said = find_value(block, key);
  if (!said || said->is != filling::string ||
      block.substr(said->at, said->length) != text)
    return;
  said->is = filling::text;
  std::vector<place> places{*said};
  for (const auto name : noise)
    if (const auto value = find_value(block, name))
      places.push_back(*value);
  std::sort(places.begin(), places.end(),
            [](const place& a, const place& b) { return a.at < b.at; });
  std::size_t done = 0;
  for (const auto& p : places) {
    parts_.push_back({std::string(block.substr(done, p.at - done)), p.is});
    done = p.at + p.length;
  }
  end_.assign(block.substr(done));
}

/// Where every event differs it is only tried now and then.
bool repeated_event::is_worth_learning() noexcept {
  learned_in_vain_ = (learned_in_vain_ + 1) % 1024;
  return learned_in_vain_ < 8 || learned_in_vain_ % 64 == 0;
}

std::optional<repeated_event::match>
repeated_event::read(std::string_view bytes) const noexcept {
  if (parts_.empty())
    return std::nullopt;
  match out;
  auto rest = bytes;
  for (const auto& p : parts_) {
    if (!rest.starts_with(p.fixed))
      return std::nullopt;
    rest.remove_prefix(p.fixed.size());
    const auto value = p.then == filling::number
                         ? number_in(rest)
                         : rest.substr(0, rest.find('"'));
    if (p.then == filling::number ? value.empty() : !is_plain(value))
      return std::nullopt;
    if (p.then == filling::text)
      out.text = value;
    rest.remove_prefix(value.size());
  }
  if (!rest.starts_with(end_))
    return std::nullopt;
  out.length = bytes.size() - rest.size() + end_.size();
  return out;
}

} // namespace pj::llm
