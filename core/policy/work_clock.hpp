#pragma once
#include <chrono>
#include <optional>

namespace pj {

/// How long something may still work. Where waiting is free, its time stands
/// still while limits that it shares with others hold it back.
class work_clock {
public:
  using time = std::chrono::steady_clock::time_point;

  work_clock() = default;
  work_clock(time deadline, bool waiting_is_free)
    : deadline_(deadline), waiting_is_free_(waiting_is_free) {}

  bool waiting_is_free() const { return waiting_is_free_; }

  /// Whether time stands still.
  bool is_held() const { return held_since_.has_value(); }

  void hold(time now) {
    if (waiting_is_free_ && !held_since_)
      held_since_ = now;
  }

  void let_go(time now) {
    if (held_since_)
      deadline_ += now - *held_since_;
    held_since_.reset();
  }

  /// Zero or less: none. Whole milliseconds, rounded towards zero.
  std::chrono::milliseconds left(time now) const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline_ - held_since_.value_or(now));
  }

  /// As far as it is known now.
  time deadline() const { return deadline_; }

private:
  time deadline_{};
  bool waiting_is_free_ = false;
  std::optional<time> held_since_;
};

} // namespace pj
