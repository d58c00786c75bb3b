#include "core/llm/repeated_event.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace pj::llm {

namespace {

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

} // namespace

void repeated_event::learn(std::string_view block, std::string_view key,
                           std::string_view text) {
  after_.clear();
  if (!is_worth_learning())
    return;
  const auto at = block.find(key);
  if (at == block.npos || block.find(key, at + 1) != block.npos)
    return;
  auto rest = block.substr(at + key.size());
  rest.remove_prefix(std::min(rest.find_first_not_of(": "), rest.size()));
  if (!rest.starts_with('"') || !is_plain(text) ||
      rest.substr(1, text.size()) != text ||
      rest.substr(text.size() + 1, 1) != "\"")
    return;
  rest.remove_prefix(1);
  before_.assign(block.substr(0, block.size() - rest.size()));
  after_.assign(rest.substr(text.size()));
}

/// Where every event differs (OpenAI pads its events, Responses count theirs)
/// it is only tried now and then.
bool repeated_event::is_worth_learning() noexcept {
  learned_in_vain_ = (learned_in_vain_ + 1) % 1024;
  return learned_in_vain_ < 8 || learned_in_vain_ % 64 == 0;
}

std::optional<repeated_event::match>
repeated_event::read(std::string_view bytes) noexcept {
  if (after_.empty() || !bytes.starts_with(before_))
    return std::nullopt;
  const auto rest = bytes.substr(before_.size());
  const auto text = rest.substr(0, rest.find('"'));
  if (!rest.substr(text.size()).starts_with(after_) || !is_plain(text))
    return std::nullopt;
  learned_in_vain_ = 0;
  return match{text, before_.size() + text.size() + after_.size()};
}

} // namespace pj::llm
