#include "apps/pj/doctor/judge.hpp"

#include "core/json_text.hpp"
#include "core/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace pj {

namespace {

using nlohmann::json;
using namespace std::chrono_literals;

/// Receivers of signed webhooks refuse time stamps that are further off
/// (Standard Webhooks).
constexpr auto most_skew = 5min;
constexpr auto noted_skew = 1min;

bool truth(const json& j, const char* key) {
  const auto found = j.is_object() ? j.find(key) : j.end();
  return j.is_object() && found != j.end() && *found == json(true);
}

bool starts_one(const json& list, std::string_view model) {
  return std::any_of(list.begin(), list.end(), [model](const json& x) {
    const auto id = x.is_object() ? x.find("id") : x.end();
    return x.is_object() && id != x.end() && id->is_string() &&
           id->get_ref<const std::string&>().starts_with(model);
  });
}

/// The answer lists models, and none begins with this name ("claude-x" stands
/// for "claude-x-20260101").
bool is_unlisted(std::string_view model, const std::string& body) {
  const auto all = parse_json(body);
  const auto list = all.is_object() ? all.find("data") : all.end();
  return all.is_object() && list != all.end() && list->is_array() &&
         !list->empty() && !truth(all, "has_more") && !starts_one(*list, model);
}

std::string money(double dollars) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", dollars);
  return text.data();
}

/// The scopes of a classic token allow pull requests; unknown ones do.
bool scopes_suffice(std::string_view scopes, bool is_private) {
  const auto all = split(scopes, ',');
  return std::any_of(all.begin(), all.end(), [is_private](auto scope) {
    return trimmed(scope) == "repo" ||
           (!is_private && trimmed(scope) == "public_repo");
  });
}

finding judge_repository(const std::string& name, std::string_view token,
                         const http_response& answer, bool needs_push) {
  const std::string about = "token rights";
  const auto repo = parse_json(answer.body);
  if (!repo.is_object() || !repo.contains("full_name"))
    return {about, verdict::wrong,
            "the answer for " + name +
              " is not a repository: is GITHUB_API_URL right?"};
  if (truth(repo, "archived"))
    return {about, verdict::wrong,
            name + " is archived, nobody can push to it: unarchive it on "
                   "GitHub"};
  const auto scopes = find_header(answer.headers, "x-oauth-scopes");
  const bool is_private = truth(repo, "private");
  if (!scopes.empty() && !scopes_suffice(scopes, is_private))
    return {about, verdict::wrong,
            "GITHUB_TOKEN has the scopes " + printable(scopes) + " but needs " +
              (is_private ? "repo" : "repo or public_repo")};
  if (!needs_push)
    return {about, verdict::good,
            "GITHUB_TOKEN may read " + name + ", the change goes to a fork"};
  const auto rights = repo.find("permissions");
  if (rights == repo.end())
    return {about, verdict::note,
            "GITHUB_TOKEN can see " + name +
              "; GitHub does not say whether it may push: it needs contents "
              "and pull requests, read and write"};
  if (!truth(*rights, "push"))
    return {about, verdict::wrong,
            "GITHUB_TOKEN may read " + name +
              " but not push to it: give it contents and pull requests, read "
              "and write"};
  if (token.starts_with("github_pat_"))
    return {about, verdict::note,
            "the token's owner may push to " + name +
              "; GitHub does not show what this fine-grained token may do: it "
              "needs contents and pull requests, read and write"};
  return {about, verdict::good, "GITHUB_TOKEN may push to " + name};
}

std::string seconds(wall_time::duration time) {
  return std::to_string(
           std::chrono::duration_cast<std::chrono::seconds>(time).count()) +
         " s";
}

} // namespace

finding judge_key(const llm::endpoint& where, std::string_view model,
                  const result<http_response>& answer,
                  const std::string& about) {
  const std::string provider(to_string(where.provider));
  const std::string base(base_url_variable(where.provider));
  if (!answer)
    return {about, verdict::wrong,
            "cannot reach " + provider + ": " + answer.error().what +
              "; check the network, HTTPS_PROXY and " + base};
  const auto status = answer->status;
  if (status == 405 || status == 501 ||
      (status == 404 &&
       where.base_url.find("/openai/deployments/") != std::string::npos))
    return {about, verdict::note,
            "this server lists no models (" + std::to_string(status) +
              "), so the key cannot be checked without paying"};
  if (status == 404)
    return {about, verdict::wrong,
            where.base_url + " has no models to list (404): " + base +
              " should end in the API's path, like /v1"};
  if (status != 200)
    return {about, verdict::wrong,
            classify_error(where, status, answer->headers, answer->body).what};
  if (parse_json(answer->body).is_discarded())
    return {about, verdict::wrong,
            where.base_url + " answers, but not as a model API does: check " +
              base};
  const auto good =
    provider + " accepts " + std::string(key_variable(where.provider));
  if (is_unlisted(model, answer->body))
    return {about, verdict::note,
            good + ", but does not list the model " + printable(model) +
              ": check the name"};
  return {about, verdict::good, good};
}

finding judge_model(const llm::model_entry& model, const std::string& about) {
  const auto name =
    std::string(to_string(model.provider)) + "/" + printable(model.name);
  if (!model.cost)
    return {about, verdict::note,
            name + " has no known price, so costs are not reckoned; add it to "
                   "models.yaml in the configuration folder"};
  return {about, verdict::good,
          name + ", " + money(model.cost->input) + " and " +
            money(model.cost->output) +
            " dollars per million tokens in and out"};
}

finding judge_rights(const github::pull_request& asked, std::string_view token,
                     const result<http_response>& answer,
                     std::int64_t now_epoch, bool needs_push) {
  const std::string about = "token rights";
  const auto name = asked.owner + "/" + asked.name;
  if (!answer)
    return {about, verdict::wrong,
            "GitHub cannot be reached: " + answer.error().what +
              "; check the network, HTTPS_PROXY and GITHUB_API_URL"};
  if (answer->status == 200)
    return judge_repository(name, token, *answer, needs_push);
  if (answer->status / 100 == 3)
    return {about, verdict::note,
            name + " has moved (" + std::to_string(answer->status) +
              "): use its new name in TARGET_REPO"};
  return {about, verdict::wrong,
          github::classify(github::errand_of(asked), *answer, now_epoch).what};
}

finding judge_clock(const http_response& answer, wall_time now) {
  const auto theirs = parse_http_date(find_header(answer.headers, "date"));
  if (!theirs)
    return {"clock", verdict::skipped, "no server told the time"};
  const auto off = now > *theirs ? now - *theirs : *theirs - now;
  if (off < noted_skew)
    return {"clock", verdict::good, "right to the minute"};
  return {"clock", off < most_skew ? verdict::note : verdict::wrong,
          "this machine's clock is " + seconds(off) +
            (now > *theirs ? " ahead" : " behind") +
            " of a server's: set it, or signed events and certificates may be "
            "refused"};
}

} // namespace pj
