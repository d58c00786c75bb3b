#pragma once
#include "core/policy/pace.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace pj {

/// GitHub's limits for writes that make content, per token.
struct github_pace {
  std::chrono::milliseconds apart{1000};
  std::size_t per_minute = 80;
  std::size_t per_hour = 500;

  /// On for GitHub and GitHub Enterprise; nothing is held back for a loopback
  /// host (as `url_parts` has it), where tests and load tests talk to a double.
  static github_pace for_host(std::string_view host);

  /// Nothing is held back.
  static github_pace none() { return {std::chrono::milliseconds{0}, 0, 0}; }
};

/// Says when the next write may go out. Any minute and any hour, wherever it
/// begins, stays within the limits.
class github_pacer {
public:
  explicit github_pacer(github_pace pace = {}) : pace_(pace) {}

  /// Writes are held back, and go one after the other.
  bool is_on() const noexcept { return pace_.apart.count() > 0; }

  /// The earliest time for the next write, not before `now`.
  steady_time next(steady_time now) const;

  /// A write goes out now.
  void wrote(steady_time now);

  /// Nothing goes out before this: the server asked for it.
  void pause_until(steady_time then);

  bool is_paused(steady_time now) const noexcept { return now < paused_until_; }

  /// How long so many more writes take.
  std::chrono::milliseconds forecast(std::size_t writes, steady_time now) const;

private:
  github_pace pace_;
  std::deque<steady_time> writes_; ///< as many as the hour's limit needs
  steady_time paused_until_{};
};

/// "142 PRs left, about 19 min"; "1 PR left, about 5 s".
std::string forecast_text(std::size_t left, std::chrono::milliseconds time);

} // namespace pj
