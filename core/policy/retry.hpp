#pragma once
#include "core/failure.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

namespace pj {

/// A number in [0, 1). Injected, so that tests decide.
using random_source = std::function<double()>;

/// Full jitter: uniform between nothing and a bound that doubles.
struct backoff {
  std::chrono::milliseconds first{500};
  std::chrono::milliseconds longest{30'000};

  /// Before try `attempt + 1`; attempts count from 1.
  std::chrono::milliseconds delay(int attempt, const random_source& rng) const;
};

/// Whether and when to try again. Stateless.
struct retry_policy {
  int attempts = 4; ///< including the first
  backoff wait;

  /// A server that wants a longer pause than this is not waited for.
  std::chrono::milliseconds longest_asked{300'000};

  /// The same for a shared limit; GitHub's end after an hour at most.
  std::chrono::milliseconds longest_limit{std::chrono::minutes{65}};

  /// The pause before the next try after `attempt` tries (from 1) failed with
  /// `why`. Nothing when it is final, tries are used up, or the next one could
  /// not begin within `time_left`. A pause the server asked for is kept in
  /// full, with up to a tenth on top so that waiters do not return at once.
  std::optional<std::chrono::milliseconds>
  next_delay(const failure& why, int attempt,
             std::chrono::milliseconds time_left,
             const random_source& rng) const;
};

/// Pauses before each delivery try, the first included.
struct delivery_schedule {
  std::vector<std::chrono::milliseconds> pauses;
  double jitter = 0; ///< up to this share is added

  /// Before try `attempt` (from 1); the last pause repeats for ever when
  /// `repeats`, else nothing is left.
  std::optional<std::chrono::milliseconds>
  pause(int attempt, const random_source& rng) const;

  bool repeats = false;

  /// 0, 1, 2, 4, 8, 16, 16 … s: as long as a task or a batch runs somebody
  /// waits for its events. Who runs it bounds the whole.
  static delivery_schedule short_lived();
};

} // namespace pj
