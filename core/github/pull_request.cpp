#include "core/github/pull_request.hpp"

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

http_request request(std::string method, std::string url,
                     std::string_view token) {
  http_request r;
  r.method = std::move(method);
  r.url = std::move(url);
  r.headers = {{"Accept", "application/vnd.github+json"},
               {"User-Agent", "pithy-jaunt"},
               {"X-GitHub-Api-Version", std::string(api_version)}};
  if (!token.empty())
    r.headers.push_back({"Authorization", "Bearer " + std::string(token)});
  return r;
}

http_request with_body(http_request r, const json& body) {
  r.headers.push_back({"Content-Type", "application/json"});
  r.body = std::make_shared<const std::string>(
    body.dump(-1, ' ', false, json::error_handler_t::replace));
  return r;
}

std::string repository_url(const pull_request& what) {
  return what.api + "/repos/" + percent_encoded(what.owner) + "/" +
         percent_encoded(what.name);
}

std::string_view head_owner(const pull_request& what) {
  return what.head_owner.empty() ? what.owner : what.head_owner;
}

failure unreadable(const http_response& response) {
  return {failure_class::fail,
          failure_code::github,
          "GitHub answered " + std::to_string(response.status) +
            " with something that is not a pull request; is GITHUB_API_URL "
            "right?",
          printable(response.body, 500),
          {}};
}

std::optional<existing> read_one(const json& j) {
  if (!j.is_object())
    return std::nullopt;
  const auto number = j.find("number");
  const auto url = j.find("html_url");
  if (number == j.end() || !number->is_number_integer() || url == j.end() ||
      !url->is_string())
    return std::nullopt;
  return existing{number->get<std::int64_t>(), url->get<std::string>()};
}

json parse(std::string_view body) {
  return json::parse(body, nullptr, false);
}

/// `message` and every `errors[]` entry, joined; from an untrusted body.
std::string error_text(const http_response& response) {
  const auto j = parse(response.body);
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
          add(json(e.value("field", "") + " " + e.value("code", "")));
      }
    }
  return printable(text, 300);
}

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

failure limited(const http_response& r, std::int64_t now_epoch) {
  auto wait = asked_wait(r, now_epoch);
  // Without a hint the documentation asks for at least a minute.
  if (wait.count() == 0)
    wait = std::chrono::seconds{60};
  return {failure_class::retry,
          failure_code::github,
          "GitHub's rate limit is reached; waiting " +
            std::to_string(wait.count() / 1000) + " s",
          {},
          wait};
}

std::string cure_for(const pull_request& what, const http_response& r) {
  const auto repo = what.owner + "/" + what.name;
  switch (r.status) {
  case 401:
    return "GitHub does not accept GITHUB_TOKEN (401): it is wrong or has "
           "expired";
  case 403: {
    const auto needs = find_header(r.headers, "x-accepted-github-permissions");
    return "GITHUB_TOKEN may not open a pull request in " + repo + " (403)" +
           (needs.empty() ? "; it needs pull_requests=write"
                          : "; it needs " + printable(needs));
  }
  case 404:
    return "GitHub knows no repository " + repo +
           " that GITHUB_TOKEN may see (404): check the name, and that the "
           "token has access to it";
  case 410:
    return "pull requests are switched off in " + repo + " (410)";
  case 422:
    return "GitHub refused the pull request for " + repo + " (422)";
  default:
    return "GitHub answered " + std::to_string(r.status) + " for " + repo;
  }
}

} // namespace

http_request repository_request(const pull_request& what,
                                std::string_view token) {
  return request("GET", repository_url(what), token);
}

http_request lookup_request(const pull_request& what, std::string_view token) {
  const auto head = std::string(head_owner(what)) + ":" + what.head;
  return request("GET",
                 repository_url(what) +
                   "/pulls?state=" + (what.any_state ? "all" : "open") +
                   "&head=" + percent_encoded(head),
                 token);
}

http_request create_request(const pull_request& what, std::string_view token) {
  const auto foreign = head_owner(what) != what.owner;
  json body = {
    {"title", what.title},
    {"head", foreign ? what.head_owner + ":" + what.head : what.head},
    {"base", what.base},
    {"body", what.body}};
  if (what.draft)
    body["draft"] = true;
  return with_body(request("POST", repository_url(what) + "/pulls", token),
                   body);
}

http_request label_request(const pull_request& what, std::int64_t number,
                           std::string_view token) {
  return with_body(request("POST",
                           repository_url(what) + "/issues/" +
                             std::to_string(number) + "/labels",
                           token),
                   json{{"labels", what.labels}});
}

result<std::optional<existing>> read_lookup(const http_response& response) {
  const auto j = parse(response.body);
  if (!j.is_array())
    return unreadable(response);
  if (j.empty())
    return std::optional<existing>{};
  auto one = read_one(j.front());
  if (!one)
    return unreadable(response);
  return one;
}

result<existing> read_created(const http_response& response) {
  if (auto one = read_one(parse(response.body)))
    return *one;
  return unreadable(response);
}

refusal read_refusal(const http_response& response) {
  if (response.status != 422)
    return refusal::none;
  const auto text = lowered(error_text(response));
  if (text.find("already exists") != std::string::npos)
    return refusal::already_exists;
  if (text.find("no commits between") != std::string::npos)
    return refusal::no_commits;
  return refusal::other;
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

failure classify(const pull_request& what, const http_response& response,
                 std::int64_t now_epoch) {
  const auto text = error_text(response);
  if (is_limit(response, text))
    return limited(response, now_epoch);
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
