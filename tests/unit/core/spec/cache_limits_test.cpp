#include "core/spec/cache_limits.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace std::chrono_literals;

namespace {

settings with(std::string gb, std::string days) {
  return {{"PJ_CACHE_MAX_GB", {std::move(gb), "config.yaml:1"}},
          {"PJ_CACHE_MAX_DAYS", {std::move(days), "PJ_CACHE_MAX_DAYS"}}};
}

} // namespace

TEST_CASE("the cache has limits of its own, and people's") {
  const auto usual = read_cache_limits({});
  REQUIRE(usual);
  CHECK(usual->max_bytes == 20'000'000'000);
  CHECK(usual->max_age == std::chrono::days{30});
  const auto own = read_cache_limits(with("0.5", "0.25"));
  REQUIRE(own);
  CHECK(own->max_bytes == 500'000'000);
  CHECK(own->max_age == 6h);
}

TEST_CASE("impossible limits are told, one line each") {
  const auto wrong = read_cache_limits(with("much", "-1"));
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == failure_code::configuration);
  CHECK(wrong.error().what ==
        "config.yaml:1: PJ_CACHE_MAX_GB is \"much\": use gigabytes from 0 to "
        "1000000, like 20 or 0.5\nPJ_CACHE_MAX_DAYS is \"-1\": use days from 0 "
        "to 36500, like 30 or 0.5");
  for (const auto* value : {"nan", "inf", "1e3", "1 GB", "1000001"})
    CHECK_FALSE(read_cache_limits(with(value, "1")));
}
