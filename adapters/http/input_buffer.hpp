#pragma once
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <utility>

namespace pj {

/// Bytes read and not yet understood. Small while a stream trickles, larger
/// while it pours; nothing until it is first used.
class input_buffer {
public:
  static constexpr std::size_t small = 2u << 10;
  static constexpr std::size_t large = 32u << 10;

  /// Room for the next read: never empty.
  std::span<char> space() {
    if (!data_ || used_ == size_)
      resize(data_ ? size_ * 2 : small);
    else if (size_ < large && was_full_)
      resize(large);
    else if (size_ > small && !was_full_ && used_ < small / 4)
      resize(small);
    return {data_.get() + used_, size_ - used_};
  }

  /// That many bytes were read into `space`.
  void commit(std::size_t n) {
    used_ += n;
    was_full_ = used_ == size_;
  }

  std::span<char> bytes() { return {data_.get(), used_}; }

  /// Forgets the first bytes.
  void consume(std::size_t n) {
    used_ -= n;
    if (used_ > 0 && n > 0)
      std::memmove(data_.get(), data_.get() + n, used_);
  }

  void release() { *this = input_buffer(); }

private:
  void resize(std::size_t size) {
    auto grown = std::make_unique_for_overwrite<char[]>(size);
    if (used_ > 0)
      std::memcpy(grown.get(), data_.get(), used_);
    data_ = std::move(grown);
    size_ = size;
  }

  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
  std::size_t used_ = 0;
  bool was_full_ = false;
};

} // namespace pj
