#include "core/batch/glob.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using pj::batch::glob_matches;

TEST_CASE("patterns choose repositories by owner and name") {
  struct row {
    const char* pattern;
    const char* name;
    bool matches;
  };
  const row rows[] = {
    {"acme/app", "acme/app", true},
    {"acme/app", "ACME/App", true},
    {"acme/app", "acme/apps", false},
    {"acme/*", "acme/app", true},
    {"acme/*", "acme/", true},
    {"acme/*", "other/app", false},
    {"acme/*", "acme/a/b", false},
    {"acme/**", "acme/a/b", true},
    {"*/app", "acme/app", true},
    {"*/app", "acme/sub/app", false},
    {"**/app", "acme/sub/app", true},
    {"app-*", "acme/app-one", true},
    {"app-*", "app-owner/one", false},
    {"app-*", "app-one", true},
    {"acme/app-?", "acme/app-1", true},
    {"acme/app-?", "acme/app-", false},
    {"a?b/c", "a/b/c", false},
    {"*a*b/c", "xaab/c", true},
    {"**x*y", "a/x/xay", true},
    {"**x*y", "a/x/xa", false},
    {"", "acme/app", false},
    {"**", "acme/app", true},
    {"*", "acme/app", true},
  };
  for (const auto& r : rows) {
    INFO(r.pattern << " on " << r.name);
    CHECK(glob_matches(r.pattern, r.name) == r.matches);
  }
}

TEST_CASE("a pattern of stars on a long name comes to an end") {
  std::string pattern;
  for (int i = 0; i < 60; ++i)
    pattern += "**a*";
  CHECK_FALSE(glob_matches(pattern + "b", std::string(250, 'a')));
}
