#pragma once
#include "core/policy/budget.hpp"

#include <cstdint>
#include <mutex>
#include <optional>

namespace pj {

/// Money that may be spent on answers, in US dollars, by one task or by several
/// together. Thread-safe.
class purse {
public:
  explicit purse(double limit) : money_(limit) {}

  /// Takes the estimated cost of one answer out; gives a ticket for it, or
  /// nothing when it does not fit beside what is spent and reserved.
  std::optional<std::uint64_t> reserve(double estimate) {
    const std::lock_guard lock(mutex_);
    const auto ticket = ++last_;
    return money_.reserve(ticket, estimate) ? std::optional(ticket)
                                            : std::nullopt;
  }

  /// What the answer came to. Ticket 0: it was paid in an earlier run.
  void settle(std::uint64_t ticket, double cost) {
    const std::lock_guard lock(mutex_);
    money_.settle(ticket, cost);
  }

  double spent() const {
    const std::lock_guard lock(mutex_);
    return money_.spent();
  }

private:
  mutable std::mutex mutex_;
  budget money_;
  std::uint64_t last_ = 0;
};

} // namespace pj
