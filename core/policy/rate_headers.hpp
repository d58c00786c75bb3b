#pragma once
#include "core/http.hpp"

#include <chrono>
#include <optional>

namespace pj {

/// What a response says about one of the provider's limits.
struct limit_reading {
  double limit = 0; ///< per period; 0: not said
  std::optional<double> remaining;

  /// Until the limit is whole again, from when the response was sent.
  std::optional<std::chrono::milliseconds> reset;

  /// The period is a minute or less, as far as it shows: a limit per day
  /// resets later.
  bool per_minute() const noexcept {
    return limit > 0 && reset.value_or(std::chrono::milliseconds{0}) <=
                          std::chrono::seconds{61};
  }

  bool used_up() const noexcept { return remaining && *remaining <= 0; }
};

struct rate_reading {
  limit_reading requests;
  limit_reading tokens;
};

/// Reads OpenAI's `x-ratelimit-*` and Anthropic's `anthropic-ratelimit-*`.
/// Absolute times are measured against the response's own `Date`.
rate_reading read_rate_headers(const http_headers& headers);

} // namespace pj
