// What a task waits for, and its deadline.
#include "tests/actors/whole_engine.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

namespace {

using namespace pj;
using namespace std::chrono_literals;

constexpr int all = 12;

rate_limiter_config one_a_minute() {
  rate_limiter_config x;
  x.first_width = 100;
  x.requests_per_minute = 1;
  return x;
}

struct fixture : test::whole_engine {
  explicit fixture(github_pace pace, rate_limiter_config limits = {})
    : whole_engine(pace, limits) {
    model->outcomes.clear();
    for (int i = 0; i < all; ++i)
      model->outcomes.push_back(test::answered_with(test::good_answer));
    github->answer = [](const http_request& r) {
      const bool asks = r.method == "GET";
      return http_response{asks ? 200 : 201,
                           {},
                           asks ? "[]" : R"({"number": 7, "html_url": "u"})"};
    };
  }

  /// The ends of tasks that have five minutes each, after half an hour.
  std::vector<task_outcome> outcomes(bool waiting_is_free) {
    for (int i = 0; i < all; ++i) {
      submit_task x;
      auto one = std::make_shared<task_spec>(*spec);
      one->id = "t" + std::to_string(i);
      one->timeout = 5min;
      x.spec = one;
      x.waiting_is_free = waiting_is_free;
      self->send(boss, x);
    }
    run();
    pass(30min, 1s);
    std::vector<task_outcome> out;
    for (const auto& [id, row] : store->rows)
      if (row.state != "running")
        out.push_back(*outcome_from_json(row.outcome));
    return out;
  }
};

struct paced : fixture {
  paced() : fixture(github_pace{1min, 0, 0}) {}
};

struct limited : fixture {
  limited() : fixture(github_pace::none(), one_a_minute()) {}
};

auto good(const std::vector<task_outcome>& all_of_them) {
  return std::count_if(
    all_of_them.begin(), all_of_them.end(),
    [](const task_outcome& x) { return x.end == task_end::succeeded; });
}

} // namespace

TEST_CASE_METHOD(paced, "waiting for GitHub's pace is free where it shall be") {
  const auto ends = outcomes(true);
  REQUIRE(ends.size() == all);
  CHECK(good(ends) == all);
}

TEST_CASE_METHOD(paced, "labels wait for GitHub's pace, too") {
  spec->pr_extras.labels = {"bot"};
  const auto ends = outcomes(true);
  REQUIRE(ends.size() == all);
  CHECK(good(ends) == all);
  for (const auto& x : ends)
    CHECK(x.warnings.empty());
}

TEST_CASE_METHOD(paced, "waiting for GitHub's limit is free, too") {
  github->answer = [good = github->answer,
                    first = true](const http_request& r) mutable {
    return std::exchange(first, false)
             ? http_response{403, {{"retry-after", "900"}}, "{}"}
             : good(r);
  };
  const auto ends = outcomes(true);
  REQUIRE(ends.size() == all);
  CHECK(good(ends) == all);
}

TEST_CASE_METHOD(limited, "waiting for the limiter is free where it shall be") {
  const auto ends = outcomes(true);
  REQUIRE(ends.size() == all);
  CHECK(good(ends) == all);
}

TEST_CASE_METHOD(paced, "the deadline of one task alone counts all") {
  const auto ends = outcomes(false);
  REQUIRE(ends.size() == all);
  CHECK(good(ends) < all);
  for (const auto& x : ends)
    if (x.end != task_end::succeeded)
      CHECK(exit_code(x) == 124);
}

TEST_CASE_METHOD(limited, "work counts also where waiting is free") {
  model->outcomes.clear(); // every stream stalls
  const auto ends = outcomes(true);
  REQUIRE(ends.size() == all);
  for (const auto& x : ends)
    CHECK(exit_code(x) == 124);
}
