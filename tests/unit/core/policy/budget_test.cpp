#include "core/policy/budget.hpp"

#include <catch2/catch_test_macros.hpp>

#include <limits>

using namespace pj;

TEST_CASE("budget: reserves, settles, refuses what does not fit") {
  budget b(10);
  CHECK(b.reserve(1, 4));
  CHECK(b.reserve(2, 4));
  CHECK(!b.reserve(3, 4));
  CHECK(b.has_room_for(4));
  CHECK(!b.has_room_for(11));
  b.settle(1, 1);
  CHECK(b.reserve(3, 4));
  CHECK(b.spent() == 1);
  CHECK(b.reserved() == 8);
  b.settle(2, 0);
  b.settle(3, 0);
  CHECK(b.reserved() == 0);
}

TEST_CASE("budget: never passed by more than one call's settlement") {
  budget b(10);
  for (std::uint64_t i = 0; b.reserve(i, 1); ++i)
    b.settle(i, 3);
  CHECK(b.spent() >= 10);
  CHECK(b.spent() <= 10 + 2);
  CHECK(b.used_up());
  CHECK(!b.reserve(99, 0));
}

TEST_CASE("budget: a call counts once, and what was paid counts always") {
  budget b(10);
  CHECK(b.reserve(1, 2));
  CHECK(!b.reserve(1, 2));
  b.settle(1, 2);
  b.settle(1, 2);
  CHECK(b.spent() == 4);
  CHECK(b.reserved() == 0);
}

TEST_CASE("budget: without a limit all passes and is counted") {
  budget b;
  CHECK(b.reserve(1, 1e9));
  b.settle(1, 5);
  CHECK(!b.used_up());
  CHECK(b.spent() == 5);
}

TEST_CASE("budget: numbers that are none do not poison the sums") {
  budget b(10);
  CHECK(b.reserve(1, std::numeric_limits<double>::quiet_NaN()));
  b.settle(1, std::numeric_limits<double>::infinity());
  b.settle(2, -5);
  CHECK(b.spent() == 0);
  CHECK(b.reserve(3, 10));
}
