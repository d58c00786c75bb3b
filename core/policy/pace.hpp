#pragma once
#include <chrono>

namespace pj {

using steady_time = std::chrono::steady_clock::time_point;

/// An even flow: so many units per minute, with little saved up in between. A
/// request larger than what is saved passes once the store is full; the debt
/// is paid off before the next.
class pace {
public:
  bool known() const noexcept { return per_minute_ > 0; }
  double per_minute() const noexcept { return per_minute_; }

  /// 0: unknown, everything passes.
  void set(double per_minute, steady_time now);

  /// Whether `amount` may pass.
  bool allows(double amount, steady_time now) const;

  /// When it may, if nothing else passes until then.
  steady_time allows_at(double amount, steady_time now) const;

  /// Takes it out; negative amounts give it back.
  void take(double amount, steady_time now);

private:
  double level_at(steady_time now) const;
  double store() const;
  double needed(double amount) const;

  double per_minute_ = 0;
  double level_ = 0;
  steady_time since_{};
};

} // namespace pj
