#pragma once
#include "core/policy/pace.hpp"
#include "core/policy/retry.hpp"

#include <cstdint>
#include <optional>
#include <utility>

namespace pj {

struct circuit_breaker_config {
  int failures = 8; ///< in a row, before it opens
  backoff rest{std::chrono::milliseconds{10'000},
               std::chrono::milliseconds{300'000}};
};

/// Spares a provider that is down, and the tasks their tries. Closed: all
/// passes. Open: nothing passes until a rest is over. Half open: one request
/// goes ahead and decides. Only failures that tell of the provider's health
/// count: no answer, 5xx; not 4xx.
class circuit_breaker {
public:
  enum class state : std::uint8_t { closed, open, half_open };

  explicit circuit_breaker(circuit_breaker_config config, random_source rng)
    : config_(config), rng_(std::move(rng)) {}

  /// Whether a request may go out now. Half open, the first `true` is the
  /// only one until its outcome is known.
  bool allows(steady_time now);

  void succeeded() noexcept;
  void failed(steady_time now);

  /// The request that was let through came to no outcome (it was cancelled):
  /// another one may take its place.
  void gave_up() noexcept { probing_ = false; }

  /// One request is out whose outcome decides; no other passes until then.
  bool is_probing() const noexcept { return probing_; }

  state now_is(steady_time now) const noexcept;

  /// When it may be tried again; nothing unless open.
  std::optional<steady_time> opens_at(steady_time now) const noexcept;

private:
  circuit_breaker_config config_;
  random_source rng_;
  int failures_ = 0;
  int openings_ = 0; ///< in a row; the rest grows with them
  bool open_ = false;
  bool probing_ = false; ///< the one request of half open is under way
  steady_time rests_until_{};
};

} // namespace pj
