#include "core/policy/github_pacer.hpp"

#include <catch2/catch_test_macros.hpp>

#include <vector>

using namespace pj;
using namespace std::chrono_literals;

namespace {

const steady_time start = steady_time{} + 1h;

std::vector<steady_time> write(github_pacer& pacer, std::size_t count) {
  std::vector<steady_time> out;
  auto now = start;
  for (std::size_t i = 0; i < count; ++i) {
    now = pacer.next(now);
    pacer.wrote(now);
    out.push_back(now);
  }
  return out;
}

/// The most writes in any span of this length.
std::size_t most_within(const std::vector<steady_time>& times,
                        std::chrono::milliseconds span) {
  std::size_t most = 0;
  for (std::size_t first = 0, last = 0; last < times.size(); ++last) {
    while (times[last] - times[first] >= span)
      ++first;
    most = std::max(most, last - first + 1);
  }
  return most;
}

} // namespace

TEST_CASE("pacer: 600 pull requests stay within GitHub's limits") {
  github_pacer pacer;
  const auto times = write(pacer, 600);
  CHECK(most_within(times, 1min) <= 80);
  CHECK(most_within(times, 1h) <= 500);
  CHECK(most_within(times, 1s) == 1);
  CHECK(times.back() - start < 65min);
}

TEST_CASE("pacer: the limit per minute holds where writes may be closer") {
  github_pacer pacer({100ms, 80, 500});
  const auto times = write(pacer, 400);
  CHECK(most_within(times, 1min) == 80);
}

TEST_CASE("pacer: off for loopback, on elsewhere") {
  for (const auto* host : {"127.0.0.1", "localhost", "[::1]"}) {
    github_pacer pacer(github_pace::for_host(host));
    CHECK(write(pacer, 100).back() == start);
  }
  for (const auto* host : {"api.github.com", "ghe.corp", "127.evil.example"}) {
    github_pacer pacer(github_pace::for_host(host));
    CHECK(write(pacer, 10).back() == start + 9s);
  }
}

TEST_CASE("pacer: a pause the server asks for") {
  github_pacer pacer;
  pacer.pause_until(start + 60s);
  CHECK(pacer.next(start) == start + 60s);
  pacer.pause_until(start + 30s);
  CHECK(pacer.next(start) == start + 60s);
}

TEST_CASE("pacer: forecast") {
  github_pacer pacer;
  pacer.wrote(start);
  CHECK(pacer.forecast(0, start) == 0s);
  CHECK(pacer.forecast(5, start) == 5s);
  CHECK(pacer.forecast(600, start) > 1h);
  CHECK(forecast_text(1, 4200ms) == "1 PR left, about 5 s");
  CHECK(forecast_text(142, 19min + 10s) == "142 PRs left, about 19 min");
  CHECK(forecast_text(900, 2h + 5min) == "900 PRs left, about 2 h 5 min");
}
