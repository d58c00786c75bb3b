#include "core/policy/pace.hpp"

#include <algorithm>
#include <cmath>

namespace pj {

namespace {

using seconds = std::chrono::duration<double>;

/// What may be saved up, in seconds of flow; never less than one unit.
constexpr double saved_seconds = 0.25;

} // namespace

double pace::store() const {
  return std::max(1.0, per_minute_ / 60 * saved_seconds);
}

double pace::needed(double amount) const {
  return std::min(amount, store());
}

double pace::level_at(steady_time now) const {
  const auto grown = per_minute_ / 60 * seconds(now - since_).count();
  return std::min(level_ + grown, store());
}

void pace::set(double per_minute, steady_time now) {
  level_ = known() ? level_at(now) : 0;
  since_ = now;
  per_minute_ = per_minute;
}

bool pace::allows(double amount, steady_time now) const {
  return !known() || level_at(now) >= needed(amount);
}

steady_time pace::allows_at(double amount, steady_time now) const {
  if (allows(amount, now))
    return now;
  const seconds wait{(needed(amount) - level_at(now)) / (per_minute_ / 60)};

  // Rounded up: a moment too early would only ask again.
  return now + std::chrono::milliseconds{
                 std::llround(std::floor(wait.count() * 1000)) + 1};
}

void pace::take(double amount, steady_time now) {
  if (!known())
    return;
  level_ = level_at(now) - amount;
  since_ = now;
}

} // namespace pj
