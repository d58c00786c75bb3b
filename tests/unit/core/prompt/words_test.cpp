#include "core/prompt/words.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj::prompt;

namespace {

bool finds(std::string_view task, std::string_view text) {
  return !query(task).count(text).empty();
}

} // namespace

TEST_CASE("identifiers are read part by part, whatever their style") {
  for (const auto* text : {"parseConfig", "parse_config", "ParseConfig",
                           "PARSE_CONFIG", "xmlParseHTTP", "src/parse-it.ts"}) {
    CAPTURE(text);
    CHECK(finds("parse", text));
  }
  CHECK_FALSE(finds("parse", "sparse"));
  CHECK(finds("http server", "HTTPServer"));
}

TEST_CASE("simple endings do not matter") {
  CHECK(finds("retries", "retry"));
  CHECK(finds("retry", "retries"));
  CHECK(finds("logging", "log"));
  CHECK(finds("validate", "validating"));
  CHECK(finds("validation", "validate"));
  CHECK(finds("parser", "parse"));
}

TEST_CASE("an identifier and two neighbouring words count as a whole too") {
  CHECK(query("rateLimiter").count("rate_limiter").size() == 3);
  CHECK(query("rate limiter").count("RateLimiter").size() == 3);
  CHECK(query("rate. Limiter").count("RateLimiter").size() == 3);
  CHECK(query("rate, limiter").count("RateLimiter").size() == 2);
}

TEST_CASE("stop words find nothing, and terms are capped") {
  CHECK(query("please add the file and fix it").size() == 0);
  std::string task;
  for (int i = 0; i < 5000; ++i)
    task += "word" + std::to_string(i) + ", ";
  CHECK(query(task).size() == query::max_terms);
  CHECK(query("").count("anything").empty());
}

TEST_CASE("hits come with their place") {
  std::vector<std::size_t> places;
  query("cart").scan("a cart\nmyCart",
                     [&](auto, auto at) { places.push_back(at); });
  CHECK(places == std::vector<std::size_t>{2, 9});
}
