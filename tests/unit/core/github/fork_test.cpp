#include "core/github/fork.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace pj::github;

namespace {

const fork_wish wish{"https://h/api/v3", "Acme", "shop", "", "main", "abc"};

http_response ok(std::string body) {
  return {200, {}, std::move(body)};
}

} // namespace

TEST_CASE("fork: the address of a fork follows from the repository's") {
  const github::fork made{"me", "shop-1"};
  CHECK(fork_address("https://h/acme/shop", wish, made) ==
        "https://h/me/shop-1");
  CHECK(fork_address("https://h/acme/shop.git", wish, made) ==
        "https://h/me/shop-1.git");
  CHECK(fork_address("git@h:Acme/shop.git", wish, made) ==
        "git@h:me/shop-1.git");
  CHECK(fork_address("https://h/other/shop", wish, made).empty());
  CHECK(fork_address("https://h/xacme/shop", wish, made).empty());
  CHECK(fork_address("acme/shop", wish, made).empty());
}

TEST_CASE("fork: only a fork of this repository is one") {
  const auto of = [](const char* relation, const char* name) {
    return ok(std::string(R"({"full_name":"org/shop","fork":true,")") +
              relation + R"(":{"full_name":")" + name + "\"}}");
  };
  CHECK(read_found_fork(wish, of("parent", "acme/Shop")));
  CHECK(read_found_fork(wish, of("source", "acme/shop")));
  CHECK_FALSE(read_found_fork(wish, of("parent", "else/shop")));
  CHECK_FALSE(read_found_fork(wish, ok(R"({"full_name":"org/shop"})")));
  CHECK_FALSE(read_found_fork(wish, ok("[]")));
  CHECK_FALSE(read_found_fork(wish, {404, {}, "{}"}));
}

TEST_CASE("fork: names that are no names are refused") {
  for (const auto* name : {"", "me", "me/", "/shop", "me/../x", "me/a/b",
                           "me/-x", "m e/shop", "me@evil.example/shop"}) {
    CAPTURE(name);
    CHECK_FALSE(read_made_fork(
      {202, {}, std::string(R"({"full_name":")") + name + "\"}"}));
  }
  CHECK(read_made_fork({202, {}, R"({"full_name":"me/shop"})"})->owner == "me");
}

TEST_CASE("fork: up to date is the same commit") {
  CHECK(is_up_to_date(wish, ok(R"({"commit":{"sha":"abc"}})")));
  CHECK_FALSE(is_up_to_date(wish, ok(R"({"commit":{"sha":"abd"}})")));
  CHECK_FALSE(is_up_to_date(wish, ok(R"({"commit":"abc"})")));
  CHECK_FALSE(is_up_to_date(wish, {404, {}, R"({"commit":{"sha":"abc"}})"}));
}
