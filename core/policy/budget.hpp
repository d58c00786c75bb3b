#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace pj {

/// What is left to spend, in US dollars or tokens. A call reserves its
/// estimate before it begins and settles what it came to: the limit is passed
/// by at most what calls in flight cost above their estimates.
class budget {
public:
  /// No limit: everything passes and is only counted.
  budget() = default;
  explicit budget(double limit) : limit_(limit) {}

  /// False when the estimate does not fit beside what is spent and reserved.
  bool reserve(std::uint64_t call, double estimate);

  /// Whether the estimate fits beside what is spent, whatever is reserved.
  bool has_room_for(double estimate) const noexcept;

  /// The call is over and cost this; a call that never began costs 0. Unknown
  /// calls are counted all the same: paid is paid.
  void settle(std::uint64_t call, double cost);

  double spent() const noexcept { return spent_; }
  double reserved() const noexcept { return reserved_; }

  /// Nothing passes any more, however small.
  bool used_up() const noexcept { return limit_ && spent_ >= *limit_; }

private:
  bool fits(double beside, double estimate) const noexcept;

  std::optional<double> limit_;
  double spent_ = 0;
  double reserved_ = 0;
  std::map<std::uint64_t, double> calls_;
};

} // namespace pj
