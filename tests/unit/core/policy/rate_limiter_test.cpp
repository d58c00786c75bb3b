#include "core/policy/rate_limiter.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <deque>
#include <memory>
#include <queue>
#include <random>
#include <string>

using namespace pj;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using seconds = std::chrono::duration<double>;

namespace {

const steady_time start = steady_time{} + 1h;

/// A provider that lets 60 requests a minute pass.
struct server {
  virtual ~server() = default;
  struct answer {
    int status = 200;
    http_headers headers;
  };
  virtual answer ask(steady_time now) = 0;
};

double since_start(steady_time t) {
  return seconds(t - start).count();
}

/// A bucket that fills evenly, and says so as OpenAI does.
struct bucket_server : server {
  explicit bucket_server(double size, bool tells = true)
    : capacity(size), level(size), says_limits(tells) {}
  answer ask(steady_time now) override {
    level = std::min(capacity, level + seconds(now - last).count());
    last = now;
    const bool ok = level >= 1;
    level -= ok ? 1 : 0;
    if (!says_limits)
      return {ok ? 200 : 429, {}};
    const auto ms = static_cast<long>((capacity - level) * 1000);
    return {ok ? 200 : 429,
            {{"x-ratelimit-limit-requests", "60"},
             {"x-ratelimit-remaining-requests",
              std::to_string(static_cast<int>(level))},
             {"x-ratelimit-reset-requests", std::to_string(ms) + "ms"}}};
  }
  double capacity;
  double level;
  bool says_limits;
  steady_time last = start;
};

/// A window of a minute; with Anthropic's headers or with none.
struct window_server : server {
  explicit window_server(bool tells) : says_limits(tells) {}
  answer ask(steady_time now) override {
    const auto minute = static_cast<int>(since_start(now) / 60);
    if (minute != current)
      used = 0;
    current = minute;
    const bool ok = used < 60;
    used += ok ? 1 : 0;
    const auto left =
      static_cast<int>(std::ceil(60.0 * (minute + 1) - since_start(now)));
    answer out{ok ? 200 : 429, {}};
    if (!ok)
      out.headers.push_back({"retry-after", std::to_string(left)});
    if (says_limits) {
      const auto reset =
        "2026-11-22T10:00:" + std::string(left < 11 ? "0" : "") +
        std::to_string(left - 1) + "Z";
      out.headers.push_back({"date", "Sun, 22 Nov 2026 09:59:59 GMT"});
      out.headers.push_back({"anthropic-ratelimit-requests-limit", "60"});
      out.headers.push_back(
        {"anthropic-ratelimit-requests-remaining", std::to_string(60 - used)});
      out.headers.push_back({"anthropic-ratelimit-requests-reset", reset});
    }
    return out;
  }
  bool says_limits;
  int current = 0;
  int used = 0;
};

/// Any 60 s hold at most 60.
struct sliding_server : server {
  answer ask(steady_time now) override {
    while (!passed.empty() && now - passed.front() >= 60s)
      passed.pop_front();
    if (passed.size() >= 60)
      return {429, {}};
    passed.push_back(now);
    return {200, {{"x-ratelimit-limit-requests", "60"}}};
  }
  std::deque<steady_time> passed;
};

struct report {
  int done = 0;
  int refused = 0;
  int refused_later = 0; ///< after the first minute
  double used = 0;       ///< part of what was permitted after the first minute
};

/// A thousand tasks, each tried until it passes, in virtual time.
report run(server& api, int tasks, seconds slowest) {
  std::mt19937 seed(7);
  std::uniform_real_distribution<double> dice(0, 1);
  rate_limiter limiter({}, [&] { return dice(seed); });
  struct event {
    steady_time at;
    std::uint64_t id;
    server::answer got;
    bool operator<(const event& other) const { return at > other.at; }
  };
  std::priority_queue<event> coming;
  report out;
  auto now = start;
  auto last_pass = start;
  int passed_later = 0;
  for (int i = 1; i <= tasks; ++i)
    limiter.enqueue(static_cast<std::uint64_t>(i), "batch", 0, now);
  while (out.done < tasks && since_start(now) < 36'000) {
    for (const auto id : limiter.ready(now)) {
      auto got = api.ask(now);
      const bool later = since_start(now) > 60;
      out.refused += got.status == 429;
      out.refused_later += got.status == 429 && later;
      if (got.status == 200 && later) {
        ++passed_later;
        last_pass = now;
      }
      const auto took = got.status == 429 ? seconds{0.2} : dice(seed) * slowest;
      coming.push({now + std::chrono::duration_cast<milliseconds>(took), id,
                   std::move(got)});
    }
    const auto wake = limiter.next_wakeup(now);
    if (!coming.empty() && (!wake || coming.top().at <= *wake)) {
      auto e = coming.top();
      coming.pop();
      now = std::max(now, e.at);
      limiter.on_response(e.id, e.got.headers, e.got.status, 0, now);
      if (e.got.status == 200)
        ++out.done;
      else
        limiter.enqueue(e.id, "batch", 0, now);
    } else {
      REQUIRE(wake);
      REQUIRE(*wake > now);
      now = *wake;
    }
  }
  out.used = passed_later / (since_start(last_pass) - 60);
  return out;
}

template <class Server, class... Args>
void check(Args... args) {
  for (const auto slowest : {0.5s, 5.0s, 40.0s}) {
    Server api(args...);
    const auto got = run(api, 1000, slowest);
    CAPTURE(slowest.count(), got.refused);
    CHECK(got.done == 1000);
    CHECK(got.refused_later == 0);
    CHECK(got.used >= 0.95);
    CHECK(got.used <= 1.0);
    CHECK(got.refused < 70);
  }
}

} // namespace

TEST_CASE("limiter: a thousand tasks on 60 requests a minute") {
  SECTION("bucket that holds a minute") {
    check<bucket_server>(60.0);
  }
  SECTION("bucket that holds two") {
    check<bucket_server>(2.0);
  }
  SECTION("window with headers") {
    check<window_server>(true);
  }
  SECTION("window with nothing but retry-after") {
    check<window_server>(false);
  }
  SECTION("sliding window that says only its limit") {
    check<sliding_server>();
  }
}

TEST_CASE("limiter: a server that tells nothing is found out") {
  for (const auto size : {2.0, 60.0})
    for (const auto slowest : {0.5s, 5.0s, 40.0s}) {
      bucket_server api(size, false);
      const auto got = run(api, 1000, slowest);
      CAPTURE(size, slowest.count(), got.refused, got.refused_later);
      CHECK(got.done == 1000);
      CHECK(got.refused < 100);
      CHECK(got.refused_later <= 5);
      CHECK(got.used >= 0.7);
    }
}

namespace {

rate_limiter limiter_with(rate_limiter_config config) {
  return {config, [] { return 0.5; }};
}

/// Enqueues 1..n and lets as many pass as may.
std::size_t offer(rate_limiter& limiter, int n, steady_time now) {
  for (int i = 1; i <= n; ++i)
    limiter.enqueue(static_cast<std::uint64_t>(i), "", 0, now);
  return limiter.ready(now).size();
}

} // namespace

TEST_CASE("limiter: starts narrow and widens with every success") {
  rate_limiter_config config;
  config.width = 10;
  config.first_width = 4;
  auto limiter = limiter_with(config);
  CHECK(offer(limiter, 50, start) == 4);
  CHECK(!limiter.next_wakeup(start));
  limiter.on_response(1, {}, 200, 0, start);
  CHECK(limiter.ready(start).size() == 2);
  for (std::uint64_t i = 2; i <= 20; ++i) {
    limiter.on_response(i, {}, 200, 0, start);
    limiter.ready(start);
    CHECK(limiter.in_flight() <= 10);
  }
  CHECK(limiter.in_flight() == 10);
}

TEST_CASE("limiter: an overloaded provider is asked less, then more again") {
  rate_limiter_config config;
  config.width = config.first_width = 16;
  auto limiter = limiter_with(config);
  CHECK(offer(limiter, 500, start) == 16);
  for (std::uint64_t i = 1; i <= 16; ++i)
    limiter.on_response(i, {}, 529, 0, start);
  CHECK(limiter.ready(start).empty());
  auto now = *limiter.next_wakeup(start);
  CHECK(now > start);
  CHECK(now <= start + 1s);
  CHECK(limiter.ready(now).size() == 8);
  for (std::uint64_t i = 17; i <= 400; ++i) {
    limiter.on_response(i, {}, 200, 0, now);
    limiter.ready(now);
  }
  CHECK(limiter.in_flight() > 12);
}

TEST_CASE("limiter: a pause the server asks for holds everybody") {
  auto limiter = limiter_with({});
  offer(limiter, 20, start);
  limiter.on_response(1, {{"retry-after", "20"}}, 503, 0, start);
  for (std::uint64_t i = 2; i <= 8; ++i)
    limiter.on_response(i, {}, 200, 0, start);
  CHECK(limiter.ready(start + 19s).empty());
  CHECK(*limiter.next_wakeup(start) == start + 21s);
  CHECK(!limiter.ready(start + 21s).empty());
}

TEST_CASE("limiter: tokens flow evenly and are settled") {
  rate_limiter_config config;
  config.tokens_per_minute = 6000;
  auto limiter = limiter_with(config);
  for (std::uint64_t i = 1; i <= 4; ++i)
    limiter.enqueue(i, "", 1000, start);
  auto now = *limiter.next_wakeup(start);
  REQUIRE(limiter.ready(now) == std::vector<std::uint64_t>{1});
  CHECK(since_start(*limiter.next_wakeup(now)) > since_start(now) + 9.9);
  limiter.on_response(1, {}, 200, 200, now);
  CHECK(since_start(*limiter.next_wakeup(now)) < since_start(now) + 2.1);
  now = *limiter.next_wakeup(now);
  REQUIRE(limiter.ready(now) == std::vector<std::uint64_t>{2});
  limiter.on_response(2, {{"x-ratelimit-limit-tokens", "1000000"}}, 200, 0,
                      now);
  CHECK(since_start(*limiter.next_wakeup(now)) > since_start(now) + 9);
}

TEST_CASE("limiter: a used-up token limit holds until its reset") {
  auto limiter = limiter_with({});
  offer(limiter, 20, start);
  limiter.on_response(1,
                      {{"x-ratelimit-limit-tokens", "30000"},
                       {"x-ratelimit-remaining-tokens", "0"},
                       {"x-ratelimit-reset-tokens", "6s"}},
                      200, 0, start + 1s);
  CHECK(limiter.ready(start + 5s).empty());
  CHECK(*limiter.next_wakeup(start + 1s) == start + 6s);
}

TEST_CASE("limiter: when to come back outranks when a limit is whole") {
  auto limiter = limiter_with({});
  offer(limiter, 20, start);
  limiter.on_response(1,
                      {{"x-ratelimit-limit-tokens", "150000"},
                       {"x-ratelimit-remaining-tokens", "0"},
                       {"x-ratelimit-reset-tokens", "6m0s"},
                       {"retry-after", "1"}},
                      429, 0, start);
  CHECK(*limiter.next_wakeup(start) >= start + 1s);
  CHECK(*limiter.next_wakeup(start) <= start + 2s);
}

TEST_CASE("limiter: groups share, and a single task has its turn") {
  rate_limiter_config config;
  config.first_width = config.width = 4;
  auto limiter = limiter_with(config);
  for (std::uint64_t i = 0; i < 1000; ++i)
    limiter.enqueue(1000 + i, "big", 50'000, start);
  limiter.ready(start);
  limiter.enqueue(1, "", 2'000, start);
  limiter.enqueue(2, "small", 2'000, start);
  limiter.enqueue(3, "small", 2'000, start);
  std::vector<std::uint64_t> order;
  for (std::uint64_t i = 0; i < 3; ++i) {
    limiter.on_response(1000 + i, {}, 200, 0, start);
    for (const auto id : limiter.ready(start))
      order.push_back(id);
  }
  CHECK(order == std::vector<std::uint64_t>{1, 2, 3});
}

TEST_CASE("limiter: of those in line no more go out than are wanted") {
  auto limiter = limiter_with({});
  for (std::uint64_t i = 1; i <= 3; ++i)
    limiter.enqueue(i, "g", 0, start);
  CHECK(limiter.ready(start, 1) == std::vector<std::uint64_t>{1});
  CHECK(limiter.in_flight() == 1);
  CHECK(limiter.waiting() == 2);
  CHECK(limiter.ready(start) == std::vector<std::uint64_t>{2, 3});
}

TEST_CASE("limiter: who is gone takes no place") {
  rate_limiter_config config;
  config.first_width = config.width = 1;
  auto limiter = limiter_with(config);
  CHECK(offer(limiter, 3, start) == 1);
  limiter.forget(2);
  limiter.forget(1);
  limiter.forget(77);
  CHECK(limiter.ready(start) == std::vector<std::uint64_t>{3});
  limiter.on_response(1, {}, 429, 0, start);
  limiter.forget(3);
  CHECK(limiter.waiting() == 0);
  CHECK(limiter.in_flight() == 0);
}
