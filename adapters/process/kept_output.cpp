#include "adapters/process/kept_output.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace pj {

namespace {

/// Without the beginning of a code point whose end is missing.
std::string_view without_broken_end(std::string_view text) noexcept {
  const auto lead =
    clipped(text, text.size() - std::min<std::size_t>(text.size(), 1));
  return is_valid_utf8(text.substr(lead.size())) ? text : lead;
}

} // namespace

void kept_output::add(std::string_view bytes) {
  const auto room =
    std::min<std::size_t>(bytes.size(), head_max_ - head_.size());
  head_ += bytes.substr(0, room);
  bytes.remove_prefix(room);
  if (bytes.size() > tail_max_) {
    dropped_ += tail_.size() + bytes.size() - tail_max_;
    tail_ = bytes.substr(bytes.size() - tail_max_);
    return;
  }
  tail_ += bytes;
  if (tail_.size() >= 2 * tail_max_) {
    dropped_ += tail_.size() - tail_max_;
    tail_.erase(0, tail_.size() - tail_max_);
  }
}

std::string kept_output::text() const {
  const auto surplus =
    tail_.size() - std::min<std::size_t>(tail_.size(), tail_max_);
  const auto missing = dropped_ + surplus;
  if (missing == 0)
    return head_ + tail_;
  const auto head = without_broken_end(head_);
  auto tail = std::string_view(tail_).substr(surplus);
  while (!tail.empty() && (static_cast<unsigned char>(tail[0]) & 0xc0) == 0x80)
    tail.remove_prefix(1);
  return std::string(head) + "\n[… " + std::to_string(missing) +
         " bytes left out …]\n" + std::string(tail);
}

} // namespace pj
