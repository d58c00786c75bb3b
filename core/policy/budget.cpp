#include "core/policy/budget.hpp"

#include <algorithm>
#include <cmath>

namespace pj {

namespace {

/// Garbage in a price or a count must not make the sums meaningless.
double sane(double amount) noexcept {
  return std::isfinite(amount) ? std::max(amount, 0.0) : 0.0;
}

} // namespace

bool budget::reserve(std::uint64_t call, double estimate) {
  estimate = sane(estimate);
  if (!fits(spent_ + reserved_, estimate))
    return false;
  if (!calls_.emplace(call, estimate).second)
    return false;
  reserved_ += estimate;
  return true;
}

bool budget::has_room_for(double estimate) const noexcept {
  return fits(spent_, sane(estimate));
}

bool budget::fits(double beside, double estimate) const noexcept {
  return !limit_ || (!used_up() && beside + estimate <= *limit_);
}

void budget::settle(std::uint64_t call, double cost) {
  if (const auto at = calls_.find(call); at != calls_.end()) {
    reserved_ -= at->second;
    calls_.erase(at);
  }

  // Sums of many small numbers drift; with nothing reserved there is none.
  if (calls_.empty())
    reserved_ = 0;
  spent_ += sane(cost);
}

} // namespace pj
