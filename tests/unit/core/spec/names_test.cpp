#include "core/spec/environment.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

TEST_CASE("task ids are what the contract says") {
  CHECK(pj::is_task_id("a"));
  CHECK(pj::is_task_id("0"));
  CHECK(pj::is_task_id("Task-1_2.x"));
  CHECK(pj::is_task_id("a..b"));
  CHECK(pj::is_task_id(std::string(128, 'a')));
  CHECK_FALSE(pj::is_task_id(std::string(129, 'a')));
  const auto bad = GENERATE("", "-a", ".a", "_a", "../x", "a/b", "a b", "a\n",
                            "a\xc3\xa4", "a;b", "a$", "a\\b", "a:b");
  CAPTURE(bad);
  CHECK_FALSE(pj::is_task_id(bad));
}

TEST_CASE("branch names that git takes are taken") {
  const auto good = GENERATE("main", "pj/task-1", "a.b", "feature/x_y+z", "a@b",
                             "@a", "a{b}", "release/1.0", "\xc3\xa4nderung",
                             "a,b", "a#b", "a;b", "refs/x", "head", "x.locked");
  CAPTURE(good);
  CHECK(pj::is_branch_name(good));
}

TEST_CASE("branch names that git refuses are refused") {
  const auto bad =
    GENERATE("", "@", "HEAD", "-x", "--upload-pack=x", "/a", "a/", "a//b",
             "../a", "a..b", "a/..", ".a", "a/.b", "a.", "a.lock", "a.lock/b",
             "a b", "a\tb", "a\nb", "a\x7f", "a~b", "a^b", "a:b", "a?b", "a*b",
             "a[b", "a\\b", "a@{b", "a\xff", "a\x1b[31m");
  CAPTURE(bad);
  CHECK_FALSE(pj::is_branch_name(bad));
  CHECK_FALSE(pj::is_branch_name(std::string(245, 'a')));
}

TEST_CASE("owners and repositories of GitHub") {
  CHECK(pj::is_github_name("octo-cat"));
  CHECK(pj::is_github_name(".github"));
  const auto bad = GENERATE("", ".", "..", "-a", "a/b", "a b", "a%2e", "~a");
  CAPTURE(bad);
  CHECK_FALSE(pj::is_github_name(bad));
}
