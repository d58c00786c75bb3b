#pragma once
#include "core/http.hpp"
#include "core/policy/fair_queue.hpp"
#include "core/policy/pace.hpp"
#include "core/policy/rate_headers.hpp"
#include "core/policy/retry.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace pj {

struct rate_limiter_config {
  std::size_t width = 256;        ///< most requests in flight
  std::size_t first_width = 8;    ///< until the provider shows what it takes
  double requests_per_minute = 0; ///< a ceiling; 0: learned
  double tokens_per_minute = 0;   ///< a ceiling; 0: learned
  backoff wait{std::chrono::milliseconds{1000},
               std::chrono::milliseconds{60'000}};
};

/// The one limiter of a provider and key, shared by all tasks: requests,
/// tokens and requests in flight. Learns the limits from response headers, or
/// from refusals where there are none; a server that asks for a pause pauses
/// everybody. Pure: the caller has the clock and the timer.
class rate_limiter {
public:
  rate_limiter(rate_limiter_config config, random_source rng);

  /// Puts a request in line. `tokens`: estimated, input and output; 0: unknown.
  void enqueue(std::uint64_t id, std::string_view group, std::uint64_t tokens,
               steady_time now);

  /// The requests that go out now, in order, at most so many. Their tokens are
  /// reserved.
  std::vector<std::uint64_t> ready(steady_time now, std::size_t most = ~0ull);

  /// When to call `ready` again; nothing: after the next response or enqueue.
  std::optional<steady_time> next_wakeup(steady_time now) const;

  /// A request that was ready is over. `status` 0: no response came.
  /// `tokens_used` 0: unknown, the reservation stands.
  void on_response(std::uint64_t id, const http_headers& headers, int status,
                   std::uint64_t tokens_used, steady_time now);

  /// Takes a request out, waiting or in flight, without learning from it.
  void forget(std::uint64_t id);

  std::size_t waiting() const noexcept { return queue_.size(); }
  std::size_t in_flight() const noexcept { return flights_.size(); }

private:
  struct flight {
    double tokens = 0;
    steady_time sent;
  };

  void learn(const rate_reading& said, const flight& f, steady_time now);
  void heed(pace& which, const limit_reading& said, double ceiling,
            const flight& f, steady_time now);
  void speed_up(steady_time now);
  void slow_down(const http_headers& headers, const rate_reading& said,
                 int status, const flight& f, steady_time now);
  void guess(steady_time refused_until, steady_time now);
  void remember(steady_time sent);

  rate_limiter_config config_;
  random_source rng_;
  fair_queue queue_;
  std::map<std::uint64_t, flight> flights_;
  pace requests_;
  pace tokens_;
  bool told_ = false;  ///< the provider says its request limit
  double guessed_ = 0; ///< requests per minute, where nothing is told
  std::chrono::milliseconds calm_{0}; ///< how long a guess is kept
  double share_ = 1;  ///< of the limit; less when others use the key too
  double width_;      ///< requests that may be in flight
  double calm_width_; ///< from here on it grows slowly
  int refusals_ = 0;  ///< in a row
  steady_time paused_until_{};
  steady_time cut_at_{};         ///< requests sent before it tell nothing new
  std::deque<steady_time> sent_; ///< lately and not refused
  std::optional<steady_time> refused_until_; ///< a guess is due
};

} // namespace pj
