#include "core/policy/rate_headers.hpp"
#include "core/policy/times.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace std::chrono_literals;

namespace {

constexpr wall_time known{1'795'341'630'000ms}; // 2026-11-22T10:00:30Z

} // namespace

TEST_CASE("times: HTTP dates") {
  CHECK(parse_http_date("Sun, 22 Nov 2026 10:00:30 GMT") == known);
  CHECK(parse_http_date(" Sun, 22 Nov 2026 10:00:30 GMT ") == known);
  for (const auto* bad :
       {"", "Sun, 31 Feb 2026 10:00:30 GMT", "Sun, 22 Nov 2026 25:00:30 GMT",
        "22 Nov 2026 10:00:30 GMT", "Sun, 22 Nov 2026 10:00:30 CET",
        "Sun, -2 Nov 2026 10:00:30 GMT", "Sun, 22 ovD 2026 10:00:30 GMT",
        "Sun, 22 Nov 2026 10:00:30 GMT x"})
    CHECK(!parse_http_date(bad));
}

TEST_CASE("times: durations as people read them") {
  CHECK(shown_duration(0ms) == "0.0 s");
  CHECK(shown_duration(-5s) == "0.0 s");
  CHECK(shown_duration(440ms) == "0.4 s");
  CHECK(shown_duration(12'999ms) == "12 s");
  CHECK(shown_duration(187s) == "3:07");
  CHECK(shown_duration(3'765s) == "1:02:45");
}

TEST_CASE("times: RFC 3339 as it is written here") {
  CHECK(to_rfc3339(known + 7ms) == "2026-11-22T10:00:30.007Z");
  CHECK(parse_rfc3339(to_rfc3339(known + 7ms)) == known + 7ms);
  CHECK(to_rfc3339(wall_time{-1ms}) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("times: RFC 3339") {
  CHECK(parse_rfc3339("2026-11-22T10:00:30Z") == known);
  CHECK(parse_rfc3339("2026-11-22T11:30:30.250+01:30") == known + 250ms);
  CHECK(parse_rfc3339("2026-11-22t09:00:30-01:00") == known);
  for (const auto* bad : {"", "2026-11-22", "2026-11-22T10:00:30",
                          "2026-13-22T10:00:30Z", "2026-11-22T10:00:30+1"})
    CHECK(!parse_rfc3339(bad));
}

TEST_CASE("times: Go durations") {
  CHECK(parse_go_duration("1s") == 1s);
  CHECK(parse_go_duration("6m0s") == 6min);
  CHECK(parse_go_duration("12ms") == 12ms);
  CHECK(parse_go_duration("1h2m3.5s") == 1h + 2min + 3500ms);
  CHECK(parse_go_duration("17.3ms") == 18ms);
  CHECK(parse_go_duration("250us") == 1ms);
  CHECK(parse_go_duration("0s") == 0s);
  CHECK(parse_go_duration("30") == 30s);
  for (const auto* bad : {"", "s", "-1s", "1x", "1s!", "nan", "inf", "1e300s"})
    CHECK(!parse_go_duration(bad));
}

TEST_CASE("rate headers: OpenAI") {
  const auto got = read_rate_headers({{"X-RateLimit-Limit-Requests", "500"},
                                      {"x-ratelimit-remaining-requests", "0"},
                                      {"x-ratelimit-reset-requests", "120ms"},
                                      {"x-ratelimit-limit-tokens", "30000"},
                                      {"x-ratelimit-reset-tokens", "odd"}});
  CHECK(got.requests.limit == 500);
  CHECK(got.requests.used_up());
  CHECK(got.requests.reset == 120ms);
  CHECK(got.requests.per_minute());
  CHECK(got.tokens.limit == 30000);
  CHECK(!got.tokens.used_up());
  CHECK(!got.tokens.reset);
}

TEST_CASE("rate headers: Anthropic, against the response's date") {
  const http_headers headers = {
    {"date", "Sun, 22 Nov 2026 10:00:00 GMT"},
    {"anthropic-ratelimit-requests-limit", "50"},
    {"anthropic-ratelimit-requests-remaining", "49"},
    {"anthropic-ratelimit-requests-reset", "2026-11-22T10:00:30Z"},
    {"anthropic-ratelimit-input-tokens-limit", "40000"}};
  const auto got = read_rate_headers(headers);
  CHECK(got.requests.limit == 50);
  CHECK(got.requests.reset == 30s);
  CHECK(got.tokens.limit == 40000);
}

TEST_CASE("rate headers: a limit per day is not one per minute") {
  const auto got = read_rate_headers({{"x-ratelimit-limit-requests", "200"},
                                      {"x-ratelimit-remaining-requests", "199"},
                                      {"x-ratelimit-reset-requests", "7m12s"}});
  CHECK(!got.requests.per_minute());
  CHECK(!read_rate_headers({}).requests.per_minute());
  for (const auto* odd : {"-5", "nan", "x", "1e999"})
    CHECK(
      read_rate_headers({{"x-ratelimit-limit-requests", odd}}).requests.limit ==
      0);
}
