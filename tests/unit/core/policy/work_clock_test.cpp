#include "core/policy/work_clock.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace std::chrono_literals;

TEST_CASE("work clock: waiting counts unless it is free") {
  const work_clock::time start{1h};
  work_clock strict(start + 10min, false);
  strict.hold(start + 1min);
  CHECK_FALSE(strict.is_held());
  CHECK(strict.left(start + 4min) == 6min);
  strict.let_go(start + 4min);
  CHECK(strict.deadline() == start + 10min);

  work_clock kind(start + 10min, true);
  kind.hold(start + 1min);
  CHECK(kind.is_held());
  CHECK(kind.left(start + 4min) == 9min);
  kind.let_go(start + 4min);
  CHECK_FALSE(kind.is_held());
  CHECK(kind.left(start + 4min) == 9min);
  CHECK(kind.deadline() == start + 13min);
}

TEST_CASE("work clock: held twice is held once, let go twice is let go once") {
  const work_clock::time start{1h};
  work_clock x(start + 10min, true);
  x.let_go(start + 1min);
  x.hold(start + 2min);
  x.hold(start + 3min);
  x.let_go(start + 4min);
  x.let_go(start + 5min);
  CHECK(x.deadline() == start + 12min);
  CHECK(x.left(start + 12min) == 0ms);
  CHECK(x.left(start + 13min) < 0ms);
}
