#include "adapters/terminal/style.hpp"

#include <catch2/catch_test_macros.hpp>

#include <unistd.h>

TEST_CASE("styles are sequences only where they are wanted") {
  CHECK(pj::styled("x", pj::style::red, true) == "\x1b[31mx\x1b[0m");
  CHECK(pj::styled("x", pj::style::red, false) == "x");
  CHECK(pj::styled("", pj::style::red, true).empty());
}

TEST_CASE("a pipe is no terminal") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const auto facts = pj::look_at_terminal(ends[1]);
  CHECK_FALSE(facts.is_terminal);
  CHECK_FALSE(facts.colours);
  CHECK(facts.width >= 20);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE("a diff is coloured by what its lines are") {
  const auto diff = "diff --git a/x b/x\n"
                    "--- a/x\n"
                    "+++ b/x\n"
                    "@@ -1,2 +1,2 @@\n"
                    " same\n"
                    "--- was a comment\n"
                    "+++ is a comment\n"
                    "\\ No newline at end of file\n"
                    "diff --git a/y b/y\n";
  CHECK(pj::shown_diff(diff, false) == diff);
  CHECK(pj::shown_diff(diff, true) == "\x1b[1mdiff --git a/x b/x\x1b[0m\n"
                                      "\x1b[1m--- a/x\x1b[0m\n"
                                      "\x1b[1m+++ b/x\x1b[0m\n"
                                      "\x1b[36m@@ -1,2 +1,2 @@\x1b[0m\n"
                                      " same\n"
                                      "\x1b[31m--- was a comment\x1b[0m\n"
                                      "\x1b[32m+++ is a comment\x1b[0m\n"
                                      "\\ No newline at end of file\n"
                                      "\x1b[1mdiff --git a/y b/y\x1b[0m\n");
}

TEST_CASE("a diff cannot command the terminal") {
  CHECK(pj::shown_diff("@@ @@\n+\x1b[2J\xff\ttab", false) ==
        "@@ @@\n+\\x1b[2J\\xff\ttab");
}
