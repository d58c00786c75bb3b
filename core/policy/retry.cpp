#include "core/policy/retry.hpp"

#include <algorithm>
#include <cmath>

namespace pj {

namespace {

using std::chrono::milliseconds;

milliseconds share(milliseconds whole, double part) {
  return milliseconds{std::llround(static_cast<double>(whole.count()) * part)};
}

} // namespace

milliseconds backoff::delay(int attempt, const random_source& rng) const {
  const auto doublings = std::clamp(attempt - 1, 0, 30);
  const auto bound = share(first, std::exp2(doublings));
  return share(std::min(bound, longest), rng());
}

std::optional<milliseconds>
retry_policy::next_delay(const failure& why, int attempt,
                         milliseconds time_left,
                         const random_source& rng) const {
  const auto longest = why.shared_limit ? longest_limit : longest_asked;
  if (why.kind != failure_class::retry || attempt >= attempts ||
      why.retry_after > longest)
    return std::nullopt;
  const auto delay = why.retry_after > milliseconds{0}
                       ? why.retry_after + share(why.retry_after, rng() / 10)
                       : wait.delay(attempt, rng);
  if (delay >= time_left)
    return std::nullopt;
  return delay;
}

std::optional<milliseconds>
delivery_schedule::pause(int attempt, const random_source& rng) const {
  if (attempt < 1 || pauses.empty())
    return std::nullopt;
  const auto index = static_cast<std::size_t>(attempt) - 1;
  if (index >= pauses.size() && !repeats)
    return std::nullopt;
  const auto base = pauses[std::min(index, pauses.size() - 1)];
  return base + share(base, rng() * jitter);
}

delivery_schedule delivery_schedule::short_lived() {
  using namespace std::chrono_literals;
  return {{0s, 1s, 2s, 4s, 8s, 16s}, 0.25, true};
}

} // namespace pj
