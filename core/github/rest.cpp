#include "core/github/rest.hpp"

#include "core/json_text.hpp"
#include "core/policy/times.hpp"
#include "core/text.hpp"
#include "core/url.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace pj::github {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;

// Supported until at least March 2028, see docs.github.com "API versions".
constexpr std::string_view api_version = "2022-11-28";

std::int64_t to_number(std::string_view text) noexcept {
  std::int64_t n = 0;
  for (char c : text) {
    if (c < '0' || c > '9' || n > 4'000'000'000)
      return -1;
    n = n * 10 + (c - '0');
  }
  return text.empty() ? -1 : n;
}

/// How long the headers ask to wait; zero when they do not.
milliseconds asked_wait(const http_response& r, std::int64_t now_epoch) {
  if (const auto s = to_number(find_header(r.headers, "retry-after")); s >= 0)
    return std::chrono::seconds{s};
  if (find_header(r.headers, "x-ratelimit-remaining") != "0")
    return {};
  const auto reset = to_number(find_header(r.headers, "x-ratelimit-reset"));
  // GitHub's own clock where it tells it: ours may be wrong.
  if (const auto date = parse_http_date(find_header(r.headers, "date")))
    now_epoch = std::chrono::floor<std::chrono::seconds>(*date)
                  .time_since_epoch()
                  .count();
  // One second on top: the reset is a whole second, rounded down.
  return reset > 0
           ? std::chrono::seconds{std::max<std::int64_t>(reset - now_epoch, 0) +
                                  1}
           : milliseconds{};
}

bool is_limit(const http_response& r, std::string_view text) {
  if (r.status != 403 && r.status != 429)
    return false;
  return r.status == 429 || !find_header(r.headers, "retry-after").empty() ||
         find_header(r.headers, "x-ratelimit-remaining") == "0" ||
         lowered(text).find("secondary rate") != std::string::npos;
}

/// Without a hint the documentation asks for a minute, then for more each time.
milliseconds unnamed_wait(int limits_in_a_row) {
  return std::chrono::minutes{1 << std::clamp(limits_in_a_row, 0, 4)};
}

failure limited(const errand& what, const http_response& r,
                std::int64_t now_epoch) {
  auto wait = asked_wait(r, now_epoch);
  if (wait.count() == 0)
    wait = unnamed_wait(what.limits_in_a_row);
  failure out{failure_class::retry,
              failure_code::github,
              "GitHub's rate limit is reached; it asks to wait " +
                std::to_string(wait.count() / 1000) + " s",
              {},
              wait};
  out.shared_limit = true;
  return out;
}

/// Organizations may ask for single sign-on; the header says where.
std::string single_sign_on(const http_response& r) {
  const auto header = find_header(r.headers, "x-github-sso");
  const auto url = header.find("url=");
  return url == header.npos ? std::string{}
                            : "; its organization wants single sign-on: "
                              "authorize the token at " +
                                printable(header.substr(url + 4));
}

/// What this token lacks, as far as the answer tells.
std::string needed(const errand& what, const http_response& r) {
  const auto rights = find_header(r.headers, "x-accepted-github-permissions");
  if (!rights.empty())
    return printable(rights);
  const auto scopes = find_header(r.headers, "x-oauth-scopes");
  if (scopes.empty())
    return what.rights + " (a classic token: the scope repo)";
  return "the scope repo; it has " + printable(scopes);
}

std::string not_found(const errand& what, const http_response& r) {
  if (what.seen)
    return what.token + " may read " + what.repository + " but not " +
           what.deed + " it (404): it needs " + needed(what, r);
  return "GitHub knows no repository " + what.repository + " that " +
         what.token +
         " may see (404): check the name; for a private one the token needs "
         "access to it and " +
         needed(what, r);
}

std::string cure_for(const errand& what, const http_response& r) {
  switch (r.status) {
  case 401:
    return "GitHub does not accept " + what.token +
           " (401): it is wrong or has expired";
  case 403:
    return what.token + " may not " + what.deed + " " + what.repository +
           " (403); it needs " + needed(what, r) + single_sign_on(r);
  case 404:
    return not_found(what, r);
  case 410:
    return "pull requests are switched off in " + what.repository + " (410)";
  case 422:
    return "GitHub refused to " + what.deed + " " + what.repository + " (422)";
  default:
    return "GitHub answered " + std::to_string(r.status) + " for " +
           what.repository;
  }
}

} // namespace

http_request request(std::string method, std::string url) {
  http_request r;
  r.method = std::move(method);
  r.url = std::move(url);
  r.headers = {{"Accept", "application/vnd.github+json"},
               {"User-Agent", "pithy-jaunt"},
               {"X-GitHub-Api-Version", std::string(api_version)}};
  return r;
}

http_request with_json(http_request r, const json& body) {
  r.headers.push_back({"Content-Type", "application/json"});
  r.body = std::make_shared<const std::string>(json_text(body));
  return r;
}

http_request authorized(http_request r, std::string_view token) {
  if (!token.empty())
    r.headers.push_back({"Authorization", "Bearer " + std::string(token)});
  return r;
}

std::string repository_url(std::string_view api, std::string_view owner,
                           std::string_view name) {
  return std::string(api) + "/repos/" + percent_encoded(owner) + "/" +
         percent_encoded(name);
}

json parse_body(const http_response& response) {
  return parse_json(response.body);
}

std::string text_member(const json& object, std::string_view name) {
  if (!object.is_object())
    return {};
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>()
                                                     : std::string{};
}

std::string error_text(const http_response& response) {
  const auto j = parse_body(response);
  std::string text;
  auto add = [&text](const json& part) {
    if (part.is_string() && !part.get_ref<const std::string&>().empty())
      text += (text.empty() ? "" : "; ") + part.get<std::string>();
  };
  if (!j.is_object())
    return printable(response.body, 200);
  if (j.contains("message"))
    add(j["message"]);
  if (j.contains("errors") && j["errors"].is_array())
    for (const auto& e : j["errors"]) {
      if (e.is_string()) {
        add(e);
      } else if (e.is_object()) {
        if (e.contains("message"))
          add(e["message"]);
        else if (e.contains("field") && e.contains("code"))
          add(json(text_member(e, "field") + " " + text_member(e, "code")));
      }
    }
  return printable(text, 300);
}

std::string same_host_redirect(std::string_view asked,
                               const http_response& response) {
  if (response.status != 301 && response.status != 302 &&
      response.status != 307 && response.status != 308)
    return {};
  const auto location = find_header(response.headers, "location");
  if (location.starts_with('/') && !location.starts_with("//"))
    return std::string(origin_of(asked)) + std::string(location);
  return !location.empty() && origin_of(location) == origin_of(asked)
           ? std::string(location)
           : std::string{};
}

failure unreadable(const http_response& response) {
  return {failure_class::fail,
          failure_code::github,
          "GitHub answered " + std::to_string(response.status) +
            " with something unexpected; is GITHUB_API_URL right?",
          printable(response.body, 500),
          {}};
}

failure classify(const errand& what, const http_response& response,
                 std::int64_t now_epoch) {
  const auto text = error_text(response);
  if (is_limit(response, text))
    return limited(what, response, now_epoch);
  if (response.status >= 500 || response.status == 408)
    return {failure_class::retry, failure_code::github,
            "GitHub answered " + std::to_string(response.status), text,
            asked_wait(response, now_epoch)};
  return {failure_class::fail,
          failure_code::github,
          cure_for(what, response) + (text.empty() ? "" : ": " + text),
          {},
          {}};
}

} // namespace pj::github
