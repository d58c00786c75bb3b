#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace pj::patch {

/// A set of hashes that is filled once: open addressing, half full at most.
class hash_set {
public:
  hash_set() = default;

  explicit hash_set(std::span<const std::uint64_t> hashes) {
    std::size_t room = 16;
    while (room < 2 * hashes.size())
      room *= 2;
    slots_.assign(room, 0);
    for (const auto h : hashes)
      slots_[slot_of(h)] = h;
  }

  bool empty() const noexcept { return slots_.empty(); }

  /// 0 (a blank line's hash) is always in.
  bool contains(std::uint64_t h) const noexcept {
    return h == 0 || slots_[slot_of(h)] == h;
  }

private:
  /// Where `h` is, or the empty slot where it would be.
  std::size_t slot_of(std::uint64_t h) const noexcept {
    const auto mask = slots_.size() - 1;
    auto i = (h ^ (h >> 32)) & mask;
    while (slots_[i] != 0 && slots_[i] != h)
      i = (i + 1) & mask;
    return i;
  }

  std::vector<std::uint64_t> slots_;
};

} // namespace pj::patch
