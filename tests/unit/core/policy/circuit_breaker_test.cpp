#include "core/policy/circuit_breaker.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace std::chrono_literals;

namespace {

const steady_time start = steady_time{} + 1h;

circuit_breaker fresh() {
  return circuit_breaker({3, {10s, 60s}}, [] { return 0.0; });
}

circuit_breaker opened() {
  auto out = fresh();
  for (int i = 0; i < 3; ++i)
    out.failed(start);
  return out;
}

using state = circuit_breaker::state;

} // namespace

TEST_CASE("breaker: opens after failures in a row only") {
  auto b = fresh();
  b.failed(start);
  b.failed(start);
  b.succeeded();
  b.failed(start);
  b.failed(start);
  CHECK(b.allows(start));
  CHECK(b.now_is(start) == state::closed);
  b.failed(start);
  CHECK(!b.allows(start));
  CHECK(b.now_is(start) == state::open);
  CHECK(b.opens_at(start) == start + 5s);
}

TEST_CASE("breaker: half open lets one request decide") {
  auto b = opened();
  const auto later = start + 5s;
  CHECK(b.now_is(later) == state::half_open);
  CHECK(b.allows(later));
  CHECK(!b.allows(later));
  b.succeeded();
  CHECK(b.allows(later));
  CHECK(b.allows(later));
  CHECK(b.now_is(later) == state::closed);
}

TEST_CASE("breaker: rests longer each time the trial fails") {
  auto b = opened();
  REQUIRE(b.allows(start + 5s));
  b.failed(start + 5s);
  CHECK(b.opens_at(start + 5s) == start + 15s);
  REQUIRE(b.allows(start + 15s));
  b.failed(start + 15s);
  CHECK(b.opens_at(start + 15s) == start + 35s);
  for (int i = 0; i < 10; ++i) {
    const auto at = start + 35s + 60s * i;
    REQUIRE(b.allows(at));
    b.failed(at);
    CHECK(*b.opens_at(at) <= at + 60s);
  }
}

TEST_CASE("breaker: late failures and cancelled trials change nothing") {
  auto b = opened();
  b.failed(start + 1s);
  CHECK(b.opens_at(start + 1s) == start + 5s);
  b.failed(start + 6s);
  CHECK(b.allows(start + 6s));
  b.gave_up();
  CHECK(b.allows(start + 6s));
}
