#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace pj {

/// The start and the end of an output of any length.
class kept_output {
public:
  /// Keeps at most `max` bytes, half of them from the start.
  explicit kept_output(std::uint64_t max)
    : head_max_(max / 2), tail_max_(max - max / 2) {}

  void add(std::string_view bytes);

  bool cut() const noexcept { return dropped_ > 0 || tail_.size() > tail_max_; }

  /// What was kept; where something is missing, a line says how much. Cut
  /// between code points.
  std::string text() const;

private:
  std::uint64_t head_max_;
  std::uint64_t tail_max_;
  std::uint64_t dropped_ = 0;
  std::string head_;
  std::string tail_; ///< up to twice `tail_max_`, so that dropping is rare
};

} // namespace pj
