#include "core/github/app_token.hpp"

#include "core/base64.hpp"
#include "core/json_text.hpp"
#include "core/policy/times.hpp"
#include "core/url.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace pj::github {

namespace {

using nlohmann::json;

constexpr std::int64_t before = 60;
constexpr std::int64_t after = 9 * 60;
constexpr std::size_t longest_token = 4096;

bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= longest_token &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c > ' ' && c < '\x7f'; });
}

failure refused(const app_identity& app, const http_response& response,
                std::int64_t now_epoch) {
  const errand what{"", "act for installation " + app.installation + " of", "",
                    false, "the GitHub App's key"};
  auto why = classify(what, response, now_epoch);
  if (why.kind == failure_class::retry)
    return why;
  const auto text = error_text(response);
  why.what = response.status == 401
               ? "GitHub does not accept the key of app " + app.id +
                   " (401): check GITHUB_APP_ID, GITHUB_APP_KEY_PATH and "
                   "this machine's clock"
             : response.status == 404
               ? "GitHub knows no installation " + app.installation +
                   " of app " + app.id +
                   " (404): check GITHUB_APP_INSTALLATION_ID"
               : "GitHub gives app " + app.id + " no token (" +
                   std::to_string(response.status) + ")";
  why.what += text.empty() ? "" : ": " + text;
  return why;
}

} // namespace

std::string app_claims(const app_identity& app, std::int64_t now_epoch) {
  const json header = {{"alg", "RS256"}, {"typ", "JWT"}};
  const json claims = {
    {"iat", now_epoch - before}, {"exp", now_epoch + after}, {"iss", app.id}};
  return to_base64url(json_text(header)) + "." +
         to_base64url(json_text(claims));
}

std::string app_jwt(std::string_view claims, std::string_view signature) {
  return std::string(claims) + "." + to_base64url(signature);
}

http_request app_token_request(std::string_view api, const app_identity& app,
                               std::string_view jwt) {
  return authorized(
    with_json(request("POST", std::string(api) + "/app/installations/" +
                                percent_encoded(app.installation) +
                                "/access_tokens"),
              json::object()),
    jwt);
}

result<app_token> read_app_token(const app_identity& app,
                                 const http_response& response,
                                 std::int64_t now_epoch) {
  if (response.status != 201)
    return refused(app, response, now_epoch);
  const auto j = parse_body(response);
  auto text = text_member(j, "token");
  const auto ends = parse_rfc3339(text_member(j, "expires_at"));
  if (!is_token(text) || !ends) {
    auto why = unreadable(response);
    why.details.clear(); // it may hold the token
    return why;
  }
  return app_token{std::move(text),
                   std::chrono::floor<std::chrono::seconds>(*ends)};
}

} // namespace pj::github
