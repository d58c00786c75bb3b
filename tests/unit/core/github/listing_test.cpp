#include "core/github/listing.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using batch::source_kind;

namespace {

batch::repository_source source(source_kind kind, std::string value) {
  batch::repository_source out;
  out.kind = kind;
  out.value = std::move(value);
  return out;
}

std::string first_url(source_kind kind, std::string value) {
  return github::listing_request("https://api.github.com",
                                 source(kind, std::move(value)))
    .url;
}

std::string next(std::string link) {
  return github::next_page("https://api.github.com/orgs/a/repos?per_page=100",
                           {200, {{"Link", std::move(link)}}, ""});
}

result<std::vector<batch::repository>> read(std::string body,
                                            source_kind kind) {
  return github::read_listing(source(kind, "x"), {200, {}, std::move(body)});
}

} // namespace

TEST_CASE("listing: every kind has its first page") {
  CHECK(first_url(source_kind::organization, "acme") ==
        "https://api.github.com/orgs/acme/repos?per_page=100");
  CHECK(first_url(source_kind::user, "jane[bot]") ==
        "https://api.github.com/users/jane%5Bbot%5D/repos?per_page=100");
  CHECK(first_url(source_kind::topic, "node") ==
        "https://api.github.com/search/repositories?q=topic%3Anode&per_page="
        "100");
  CHECK(first_url(source_kind::search, "a&page=9 b") ==
        "https://api.github.com/search/repositories?q=a%26page%3D9%20b&per_"
        "page=100");
}

TEST_CASE("listing: the next page is on the same server or nowhere") {
  CHECK(next("<https://api.github.com/o?page=2>; rel=\"next\", "
             "<https://api.github.com/o?page=9>; rel=\"last\"") ==
        "https://api.github.com/o?page=2");
  CHECK(next("<https://api.github.com/o?page=1>; rel=\"prev\", "
             "<https://api.github.com/o?page=3>; rel=\"next\"") ==
        "https://api.github.com/o?page=3");
  for (const char* link :
       {"", "<https://evil.com/o>; rel=\"next\"",
        "<http://api.github.com/o>; rel=\"next\"",
        "<https://api.github.com.evil.com/o>; rel=\"next\"",
        "<https://api.github.com@evil.com/o>; rel=\"next\"",
        "</o>; rel=\"next\"", "https://api.github.com/o; rel=\"next\"",
        "<https://api.github.com/o; rel=\"next\"",
        "<https://api.github.com/o?page=9>; rel=\"last\"", "<", ",,,"}) {
    INFO(link);
    CHECK(next(link).empty());
  }
}

TEST_CASE("listing: a page that is none is a failure") {
  for (const char* body :
       {"", "null", "{}", "5", "[1]", "[{}]", "[{\"clone_url\": 5}]", "[[]]",
        "{\"items\": []}", "[{\"clone_url\": \"\"}]"}) {
    INFO(body);
    CHECK_FALSE(read(body, source_kind::user));
  }
  for (const char* body : {"[]", "{}", "{\"items\": {}}", "{\"items\": [5]}"}) {
    INFO(body);
    CHECK_FALSE(read(body, source_kind::search));
  }
}

TEST_CASE("listing: odd members are not believed") {
  const auto got = read(R"([{"clone_url": "https://h/a/b", "fork": "yes",
                             "archived": 1, "default_branch": null}])",
                        source_kind::user);
  REQUIRE(got);
  CHECK_FALSE((*got)[0].is_fork);
  CHECK((*got)[0].default_branch.empty());
}

TEST_CASE("listing: a search that is cut short is a failure") {
  const auto many =
    read(R"({"total_count": 1001, "items": []})", source_kind::search);
  REQUIRE_FALSE(many);
  CHECK(many.error().kind == failure_class::fail);
  CHECK(many.error().what == "GitHub finds 1001 repositories and lists 1000 at "
                             "most: narrow the query");
  const auto slow =
    read(R"({"total_count": 5, "incomplete_results": true, "items": []})",
         source_kind::topic);
  REQUIRE_FALSE(slow);
  CHECK(slow.error().kind == failure_class::retry);
}
