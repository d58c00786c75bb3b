#include "adapters/http/watchdog.hpp"

#include <algorithm>

namespace pj {

void watchdog::start(std::function<void(bound)> then) {
  then_ = std::move(then);
}

void watchdog::set(bound which, milliseconds after) {
  if (after.count() <= 0)
    return clear(which);
  at(which) = clock::now() + after;
  if (at(which) < timer_.expiry())
    arm();
}

void watchdog::clear(bound which) {
  at(which) = clock::time_point::max();
}

void watchdog::stop() {
  then_ = nullptr;
  timer_.cancel();
}

watchdog::clock::time_point& watchdog::at(bound which) {
  return by_[static_cast<std::size_t>(which)];
}

void watchdog::arm() {
  const auto first = *std::min_element(by_.begin(), by_.end());
  timer_.expires_at(first);
  if (first == clock::time_point::max())
    return;
  timer_.async_wait([weak = weak_from_this()](auto ec) {
    const auto self = weak.lock();
    if (!ec && self && self->then_)
      self->look();
  });
}

void watchdog::look() {
  const auto now = clock::now();
  for (const auto which : {bound::total, bound::connect, bound::idle})
    if (then_ && at(which) <= now) {
      clear(which);
      auto then = then_;
      then(which);
    }
  if (then_)
    arm();
}

} // namespace pj
