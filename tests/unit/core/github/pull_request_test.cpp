#include "core/github/pull_request.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

using namespace pj;
using namespace pj::github;
using nlohmann::json;

namespace {

pull_request wish() {
  pull_request x;
  x.api = "https://h/api/v3";
  x.owner = "acme";
  x.name = "shop";
  x.head = "pj/t";
  x.base = "main";
  return x;
}

json body_of(const http_request& r) {
  return json::parse(*r.body);
}

} // namespace

TEST_CASE("pull request: the head of a fork has its owner in front") {
  auto x = wish();
  CHECK(body_of(create_request(x))["head"] == "pj/t");
  x.head_owner = "me";
  x.head_name = "shop-1";
  const auto made = body_of(create_request(x));
  CHECK(made["head"] == "me:pj/t");
  CHECK_FALSE(made.contains("head_repo"));
  CHECK(lookup_request(x).url.ends_with("&head=me%3Apj%2Ft"));
}

TEST_CASE("pull request: a fork of the same owner is named") {
  auto x = wish();
  x.head_owner = "acme";
  x.head_name = "shop-1";
  CHECK(body_of(create_request(x))["head_repo"] == "shop-1");
}

TEST_CASE("pull request: a request has no token until it goes out") {
  const auto r = create_request(wish());
  CHECK(find_header(r.headers, "authorization").empty());
  CHECK(find_header(authorized(r, "t").headers, "authorization") == "Bearer t");
  CHECK(find_header(authorized(r, "").headers, "authorization").empty());
}

TEST_CASE("pull request: hostile answers are told apart, not trusted") {
  for (const auto* text :
       {"", "null", "[]", "{}", "[[]]", "[{}]", R"([{"number":"7"}])",
        R"([{"number":7}])", R"([{"number":7,"html_url":1}])", "<html>",
        R"({"message":1,"errors":"x"})", R"({"errors":[1,null,[],{}]})",
        R"({"errors":[{"field":1,"code":{}}],"message":null})"}) {
    CAPTURE(text);
    const http_response r{422, {}, text};
    const auto found = read_lookup(r);
    CHECK((!found || !*found));
    CHECK_FALSE(read_created(r));
    CHECK(read_refusal(r) == refusal::other);
    CHECK(classify(errand_of(wish()), r, 0).kind == failure_class::fail);
  }
}

TEST_CASE("classify: the right a token lacks is named") {
  const auto what = [](int status, http_headers headers) {
    return classify(errand_of(wish()), {status, std::move(headers), "{}"}, 0)
      .what;
  };
  CHECK(what(404, {}) ==
        "GitHub knows no repository acme/shop that GITHUB_TOKEN may see (404): "
        "check the name; for a private one the token needs access to it and "
        "pull_requests=write and contents=write (a classic token: the scope "
        "repo)");
  CHECK(what(403, {{"X-OAuth-Scopes", "gist"}}) ==
        "GITHUB_TOKEN may not open a pull request in acme/shop (403); it needs "
        "the scope repo; it has gist");
  CHECK(what(403, {{"X-GitHub-SSO", "required; url=https://h/sso?x"}})
          .ends_with("authorize the token at https://h/sso?x"));
  CHECK(what(401, {}).starts_with("GitHub does not accept GITHUB_TOKEN"));
  CHECK(what(410, {}).find("switched off") != std::string::npos);
}

TEST_CASE("classify: an Enterprise server's limits are the same") {
  const auto wait = [](int status, http_headers headers, const char* body) {
    const auto why =
      classify(errand_of(wish()), {status, std::move(headers), body}, 1'000);
    CHECK(why.kind == failure_class::retry);
    return why.retry_after;
  };
  using namespace std::chrono_literals;
  CHECK(wait(403, {{"Retry-After", "7"}}, "{}") == 7s);
  CHECK(wait(429, {}, "{}") == 60s);
  CHECK(wait(403, {}, R"({"message":"exceeded a Secondary Rate limit"})") ==
        60s);
  CHECK(wait(403,
             {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1010"}},
             "{}") == 11s);
  CHECK(wait(403,
             {{"x-ratelimit-remaining", "0"},
              {"x-ratelimit-reset", "784111787"},
              {"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}},
             "{}") == 11s);
  CHECK(wait(503, {{"Retry-After", "9"}}, "{}") == 9s);
  CHECK(wait(502, {}, "<html>") == 0s);
}
