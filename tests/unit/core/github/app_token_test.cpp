#include "core/github/app_token.hpp"

#include "core/base64.hpp"
#include "core/text.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

using namespace pj;
using namespace pj::github;
using nlohmann::json;

namespace {

const app_identity app{"4711", "815", "/k.pem", ""};

} // namespace

TEST_CASE("app token: the claims are as GitHub wants them") {
  const auto text = app_claims(app, 10'000);
  const auto parts = split(text, '.');
  REQUIRE(parts.size() == 2);
  CHECK(json::parse(*from_base64url(parts[0]))["alg"] == "RS256");
  const auto claims = json::parse(*from_base64url(parts[1]));
  CHECK(claims["iss"] == "4711");
  CHECK(claims["iat"] == 9'940);
  CHECK(claims["exp"] == 10'540);
  CHECK(app_jwt(text, "\xff\xfe") == text + ".__4");
}

TEST_CASE("app token: an answer is read, with its end") {
  const auto got = read_app_token(
    app, {201, {}, R"({"token":"ghs_x","expires_at":"2026-11-22T11:00:00Z"})"},
    0);
  REQUIRE(got);
  CHECK(got->text == "ghs_x");
  CHECK(got->ends.time_since_epoch().count() == 1'795'345'200);
}

TEST_CASE("app token: what is wrong names its cure and no token") {
  const auto why = [](int status, const char* body) {
    return read_app_token(app, {status, {}, body}, 0).error();
  };
  CHECK(why(401, R"({"message":"'exp' is too far in the future"})").what ==
        "GitHub does not accept the key of app 4711 (401): check "
        "GITHUB_APP_ID, GITHUB_APP_KEY_PATH and this machine's clock: 'exp' is "
        "too far in the future");
  CHECK(why(404, "{}").what.find("GITHUB_APP_INSTALLATION_ID") !=
        std::string::npos);
  CHECK(why(503, "{}").kind == failure_class::retry);
  for (const auto* body :
       {"{}", "[]", R"({"token":"planted","expires_at":"soon"})",
        R"({"token":"pl anted","expires_at":"2026-11-22T11:00:00Z"})",
        R"({"token":"planted\r\nX: y","expires_at":"2026-11-22T11:00:00Z"})"}) {
    CAPTURE(body);
    const auto f = why(201, body);
    CHECK(f.kind == failure_class::fail);
    CHECK((f.what + f.details).find("planted") == std::string::npos);
  }
}

TEST_CASE("base64url has no padding and no marks that URLs mind") {
  for (const auto* text : {"", "a", "ab", "abc", "\xff\xfe\xfd\xfc"}) {
    const auto coded = to_base64url(text);
    CHECK(coded.find_first_of("+/=") == coded.npos);
    CHECK(from_base64url(coded) == text);
  }
  CHECK_FALSE(from_base64url("+/"));
  CHECK_FALSE(from_base64url("YQ=="));
}
