#include "core/policy/retry.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace std::chrono_literals;

namespace {

failure retryable(std::chrono::milliseconds asked = 0ms) {
  failure f;
  f.kind = failure_class::retry;
  f.retry_after = asked;
  return f;
}

const random_source none = [] { return 0.0; };
const random_source half = [] { return 0.5; };
const random_source most = [] { return 0.999; };

} // namespace

TEST_CASE("retry: full jitter under a bound that doubles") {
  const retry_policy policy;
  CHECK(policy.next_delay(retryable(), 1, 1h, none) == 0ms);
  CHECK(policy.next_delay(retryable(), 1, 1h, half) == 250ms);
  CHECK(policy.next_delay(retryable(), 2, 1h, half) == 500ms);
  CHECK(policy.next_delay(retryable(), 3, 1h, half) == 1000ms);
  CHECK(backoff{}.delay(60, most) <= 30s);
  CHECK(backoff{}.delay(0, half) == 250ms);
}

TEST_CASE("retry: final failures and used-up tries end it") {
  const retry_policy policy;
  CHECK(!policy.next_delay(retryable(), 4, 1h, half));
  for (const auto kind :
       {failure_class::fail, failure_class::refuse, failure_class::cancelled}) {
    auto f = retryable();
    f.kind = kind;
    CHECK(!policy.next_delay(f, 1, 1h, half));
  }
}

TEST_CASE("retry: the pause the server asks for is kept in full") {
  const retry_policy policy;
  CHECK(policy.next_delay(retryable(10s), 1, 1h, none) == 10s);
  CHECK(policy.next_delay(retryable(10s), 1, 1h, half) == 10500ms);
  CHECK(!policy.next_delay(retryable(301s), 1, 1h, none));
  auto limited = retryable(40min);
  limited.shared_limit = true;
  CHECK(policy.next_delay(limited, 1, 1h, none) == 40min);
  CHECK(!policy.next_delay(limited, 1, 30min, none));
  limited.retry_after = 66min;
  CHECK(!policy.next_delay(limited, 1, 24h, none));
}

TEST_CASE("retry: never beyond the deadline") {
  const retry_policy policy;
  CHECK(!policy.next_delay(retryable(10s), 1, 10s, none));
  CHECK(policy.next_delay(retryable(10s), 1, 10001ms, none));
  CHECK(!policy.next_delay(retryable(), 1, 0ms, none));
  CHECK(!policy.next_delay(retryable(), 1, -5s, half));
}

TEST_CASE("retry: delivery schedules") {
  const auto quick = delivery_schedule::short_lived();
  CHECK(quick.pause(1, most) == 0ms);
  CHECK(quick.pause(2, none) == 1s);
  CHECK(quick.pause(5, none) == 8s);
  CHECK(quick.pause(50, none) == 16s);
  CHECK(quick.pause(50, most) <= 20s);
  CHECK(!quick.pause(0, none));
  const delivery_schedule short_one{{0s, 5s}, 0, false};
  CHECK(short_one.pause(2, none) == 5s);
  CHECK(!short_one.pause(3, none));
}
