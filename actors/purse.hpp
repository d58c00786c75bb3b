#pragma once
#include "core/policy/budget.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace pj {

/// What may be spent on answers, in US dollars or tokens, by one task or by
/// several together. Thread-safe.
class purse {
public:
  /// `spent` was so before.
  explicit purse(double limit, double spent = 0) : limit_(limit), left_(limit) {
    left_.settle(0, spent);
  }

  /// Takes the estimate for one answer out; gives a ticket for it, or
  /// nothing when it does not fit beside what is spent and reserved.
  std::optional<std::uint64_t> reserve(double estimate) {
    const std::lock_guard lock(mutex_);
    const auto ticket = ++last_;
    return left_.reserve(ticket, estimate) ? std::optional(ticket)
                                           : std::nullopt;
  }

  /// Whether the estimate fits beside what is spent; then only what others have
  /// reserved may be in its way.
  bool has_room_for(double estimate) const {
    const std::lock_guard lock(mutex_);
    return left_.has_room_for(estimate);
  }

  /// What the answer came to. Ticket 0: it was paid in an earlier run.
  void settle(std::uint64_t ticket, double amount) {
    const std::lock_guard lock(mutex_);
    left_.settle(ticket, amount);
  }

  double limit() const noexcept { return limit_; }

  double spent() const {
    const std::lock_guard lock(mutex_);
    return left_.spent();
  }

private:
  double limit_;
  mutable std::mutex mutex_;
  budget left_;
  std::uint64_t last_ = 0;
};

/// A limit that every answer of a task has to fit.
struct spending_limit {
  enum class unit : std::uint8_t { dollars, tokens };

  std::shared_ptr<purse> from;
  unit in = unit::dollars;
  std::string name;      ///< as people know it: "--max-cost"
  bool of_batch = false; ///< where it ends, all tasks end
};

} // namespace pj
