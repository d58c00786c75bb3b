#include "core/policy/rate_limiter.hpp"

#include "core/policy/times.hpp"

#include <algorithm>
#include <utility>

namespace pj {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using seconds = std::chrono::duration<double>;

/// Part of a known limit that is used: room for clocks that run apart.
constexpr double margin = 0.98;

/// A used-up limit is looked at again after this, whatever the reset says:
/// the reset of a bucket is when it is full, not when it is no longer empty.
constexpr milliseconds longest_hold = 60s;

/// A guessed pace is kept so long before more is tried: what was seen over a
/// whole minute is trusted, a shorter look is not.
constexpr milliseconds trust = 30min;
constexpr milliseconds doubt = 30s;
constexpr milliseconds longest_trust = 2h;

/// Further back does not tell what is allowed now.
constexpr milliseconds history = 100s;

constexpr double smallest_pace = 1; ///< per minute

/// So few requests say nothing about a limit: the key may be shared, or the
/// refusal an exception. The pause the server asked for is kept all the same.
constexpr std::size_t enough_to_guess = 5;

bool is_overload(int status) noexcept {
  return status == 429 || status == 503 || status == 529;
}

bool is_success(int status) noexcept {
  return status >= 200 && status < 300;
}

} // namespace

rate_limiter::rate_limiter(rate_limiter_config config, random_source rng)
  : config_(std::move(config)), rng_(std::move(rng)),
    width_(static_cast<double>(std::min(config_.first_width, config_.width))),
    calm_width_(static_cast<double>(config_.width)) {}

void rate_limiter::enqueue(std::uint64_t id, std::string_view group,
                           std::uint64_t tokens, steady_time now) {
  if (!requests_.known() && config_.requests_per_minute > 0) {
    requests_.set(config_.requests_per_minute, now);
    told_ = true;
  }
  if (!tokens_.known() && config_.tokens_per_minute > 0)
    tokens_.set(config_.tokens_per_minute, now);
  queue_.push(id, group,
              static_cast<double>(std::max<std::uint64_t>(tokens, 1)));
}

std::vector<std::uint64_t> rate_limiter::ready(steady_time now,
                                               std::size_t most) {
  std::vector<std::uint64_t> out;
  if (refused_until_ && now >= paused_until_)
    guess(*std::exchange(refused_until_, std::nullopt), now);
  while (const auto* next = queue_.front()) {
    if (out.size() >= most || now < paused_until_ ||
        static_cast<double>(flights_.size() + 1) > width_ ||
        !requests_.allows(1, now) || !tokens_.allows(next->cost, now))
      break;
    requests_.take(1, now);
    tokens_.take(next->cost, now);
    flights_[next->id] = {next->cost, now};
    if (!told_)
      remember(now);
    out.push_back(next->id);
    queue_.pop();
  }
  return out;
}

std::optional<steady_time> rate_limiter::next_wakeup(steady_time now) const {
  const auto* next = queue_.front();
  if (!next || static_cast<double>(flights_.size() + 1) > width_)
    return std::nullopt;
  return std::max({now, paused_until_, requests_.allows_at(1, now),
                   tokens_.allows_at(next->cost, now)});
}

void rate_limiter::on_response(std::uint64_t id, const http_headers& headers,
                               int status, std::uint64_t tokens_used,
                               steady_time now) {
  const auto found = flights_.find(id);
  if (found == flights_.end())
    return;
  const auto f = found->second;
  flights_.erase(found);
  auto said = read_rate_headers(headers);

  // A server that says when to come back means that, whatever else it counts.
  if (retry_after(headers))
    said.requests.remaining = said.tokens.remaining = std::nullopt;
  learn(said, f, now);
  if (tokens_used > 0)
    tokens_.take(static_cast<double>(tokens_used) - f.tokens, now);
  if (is_overload(status))
    slow_down(headers, said, status, f, now);
  else if (is_success(status))
    speed_up(now);
}

void rate_limiter::forget(std::uint64_t id) {
  if (!queue_.remove(id))
    flights_.erase(id);
}

void rate_limiter::learn(const rate_reading& said, const flight& f,
                         steady_time now) {
  if (!told_ && said.requests.per_minute()) {
    told_ = true;
    cut_at_ = now;
    refused_until_.reset();
  }
  heed(requests_, said.requests, config_.requests_per_minute, f, now);
  heed(tokens_, said.tokens, config_.tokens_per_minute, f, now);
}

void rate_limiter::heed(pace& which, const limit_reading& said, double ceiling,
                        const flight& f, steady_time now) {
  if (said.per_minute()) {
    const auto allowed = said.limit * margin * share_;
    which.set(ceiling > 0 ? std::min(ceiling, allowed) : allowed, now);
  }

  // The headers came some time after the request went out, and a stream may
  // have run for long since: count from the earliest moment.
  if (said.used_up() && said.reset)
    paused_until_ =
      std::max(paused_until_, f.sent + std::min(*said.reset, longest_hold));
}

void rate_limiter::speed_up(steady_time now) {
  refusals_ = 0;
  share_ = std::min(1.0, share_ * 1.01);
  const auto most = static_cast<double>(config_.width);
  width_ = std::min(most, width_ + (width_ < calm_width_ ? 1 : 1 / width_));
  if (told_)
    return;
  if (requests_.known() && now - cut_at_ > calm_)
    requests_.set(requests_.per_minute() * 1.02, now);
}

void rate_limiter::slow_down(const http_headers& headers,
                             const rate_reading& said, int status,
                             const flight& f, steady_time now) {
  auto asked = retry_after(headers);
  for (const auto* limit : {&said.requests, &said.tokens})
    if (!asked && limit->used_up())
      asked = limit->reset;
  if (const auto at = std::find(sent_.begin(), sent_.end(), f.sent);
      at != sent_.end())
    sent_.erase(at);
  const bool is_news = f.sent > cut_at_;
  if (is_news)
    ++refusals_;
  const auto pause =
    asked ? *asked + milliseconds{static_cast<int>(
                       rng_() * 0.1 * static_cast<double>(asked->count()))}
          : config_.wait.delay(refusals_, rng_);
  if (asked || is_news)
    paused_until_ = std::max(paused_until_, now + pause);
  if (!is_news)
    return;
  cut_at_ = now;
  if (status != 429)
    width_ = calm_width_ = std::max(
      1.0, std::min(width_, static_cast<double>(flights_.size() + 1)) / 2);
  else if (told_)
    share_ = std::max(0.2, share_ * 0.9);
  else
    refused_until_ = now + asked.value_or(pause);
}

/// Without headers the limit shows in what was let through: so many requests
/// until the server wanted to hear again. Being refused for trying more than a
/// good guess confirms the guess.
void rate_limiter::guess(steady_time refused_until, steady_time now) {
  const auto current = requests_.known() ? requests_.per_minute() : 1e9;
  if (requests_.known() && current > guessed_) {
    guessed_ = std::max(guessed_, current * 0.9);
    calm_ = std::min(calm_ * 2, longest_trust);
    return requests_.set(guessed_, now);
  }
  if (!requests_.known() && sent_.size() < enough_to_guess)
    return;
  const auto first = sent_.empty() ? now : sent_.front();
  const auto span = std::max(seconds{1}, seconds(refused_until - first));
  calm_ = span >= 55s ? trust : doubt;
  guessed_ = static_cast<double>(sent_.size()) * 60 / span.count() * margin;
  guessed_ = std::clamp(guessed_, smallest_pace, current * 0.7);
  requests_.set(guessed_, now);
}

void rate_limiter::remember(steady_time sent) {
  while (!sent_.empty() && sent - sent_.front() > history)
    sent_.pop_front();
  sent_.push_back(sent);
}

} // namespace pj
