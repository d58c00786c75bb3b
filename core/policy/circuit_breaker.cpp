#include "core/policy/circuit_breaker.hpp"

namespace pj {

circuit_breaker::state circuit_breaker::now_is(steady_time now) const noexcept {
  if (!open_)
    return state::closed;
  return now < rests_until_ ? state::open : state::half_open;
}

std::optional<steady_time>
circuit_breaker::opens_at(steady_time now) const noexcept {
  if (now_is(now) != state::open)
    return std::nullopt;
  return rests_until_;
}

bool circuit_breaker::allows(steady_time now) {
  switch (now_is(now)) {
  case state::closed:
    return true;
  case state::open:
    return false;
  case state::half_open:
    return !std::exchange(probing_, true);
  }
  return true;
}

void circuit_breaker::succeeded() noexcept {
  failures_ = openings_ = 0;
  open_ = probing_ = false;
}

/// Failures that come in while it is open belong to requests from before.
void circuit_breaker::failed(steady_time now) {
  const auto was = now_is(now);
  if (was == state::open || (was == state::half_open && !probing_))
    return;
  if (was == state::closed && ++failures_ < config_.failures)
    return;
  open_ = true;
  probing_ = false;
  failures_ = 0;

  // At least half of the back-off's bound: a rest of nothing is none.
  const auto half = [this] { return 0.5 + rng_() / 2; };
  rests_until_ = now + config_.rest.delay(++openings_, half);
}

} // namespace pj
