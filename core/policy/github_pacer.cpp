#include "core/policy/github_pacer.hpp"

#include "core/url.hpp"

#include <algorithm>

namespace pj {

namespace {

using std::chrono::milliseconds;

/// The time when `most` writes within `span` leave room for another.
steady_time room_at(const std::deque<steady_time>& writes, std::size_t most,
                    milliseconds span) {
  if (most == 0 || writes.size() < most)
    return {};
  return writes[writes.size() - most] + span;
}

} // namespace

github_pace github_pace::for_host(std::string_view host) {
  return is_loopback(host) ? none() : github_pace{};
}

steady_time github_pacer::next(steady_time now) const {
  auto out = std::max(now, paused_until_);
  if (!writes_.empty())
    out = std::max(out, writes_.back() + pace_.apart);
  using namespace std::chrono_literals;
  return std::max({out, room_at(writes_, pace_.per_minute, 1min),
                   room_at(writes_, pace_.per_hour, 1h)});
}

void github_pacer::wrote(steady_time now) {
  writes_.push_back(now);
  const auto needed =
    std::max<std::size_t>({pace_.per_minute, pace_.per_hour, 1});
  while (writes_.size() > needed)
    writes_.pop_front();
}

void github_pacer::pause_until(steady_time then) {
  paused_until_ = std::max(paused_until_, then);
}

milliseconds github_pacer::forecast(std::size_t writes, steady_time now) const {
  auto trial = *this;
  auto at = now;
  for (std::size_t i = 0; i < writes; ++i) {
    at = trial.next(at);
    trial.wrote(at);
  }
  return std::chrono::duration_cast<milliseconds>(at - now);
}

std::string forecast_text(std::size_t left, milliseconds time) {
  const auto seconds = (time.count() + 999) / 1000;
  std::string about = std::to_string(seconds) + " s";
  if (seconds > 90)
    about = std::to_string((seconds + 30) / 60) + " min";
  if (seconds > 90 * 60)
    about = std::to_string(seconds / 3600) + " h " +
            std::to_string(seconds % 3600 / 60) + " min";
  return std::to_string(left) + (left == 1 ? " PR" : " PRs") + " left, about " +
         about;
}

} // namespace pj
