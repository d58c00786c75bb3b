#include "apps/mock/github_json.hpp"

#include <array>
#include <ctime>
#include <functional>
#include <nlohmann/json.hpp>

namespace pj::doubles {
namespace {

using nlohmann::json;

/// 0 is no time at all.
json time_text(std::int64_t seconds) {
  return seconds == 0 ? json{} : json(github_time(seconds));
}

/// A stable number for a name, as GitHub has ids.
std::uint64_t id_of(const std::string& name) {
  return std::hash<std::string>{}(name) % 1'000'000'000;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text)
    switch (c) {
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '&':
      out += "&amp;";
      break;
    default:
      out += c;
    }
  return out;
}

} // namespace

json github_json::user(const std::string& login) const {
  return {{"login", login},
          {"id", id_of(login)},
          {"node_id", "U_" + login},
          {"avatar_url", origin_ + "/avatars/" + login},
          {"url", base_ + "/users/" + login},
          {"html_url", origin_ + '/' + login},
          {"type", "User"},
          {"site_admin", false}};
}

json github_json::users(const std::vector<std::string>& logins) const {
  auto list = json::array();
  for (const auto& login : logins)
    list.push_back(user(login));
  return list;
}

json github_json::repository(const std::string& name,
                             const std::string& default_branch) const {
  return {{"id", id_of(name)},
          {"node_id", "R_" + name},
          {"name", name_of(name)},
          {"full_name", name},
          {"private", false},
          {"owner", user(owner_of(name))},
          {"html_url", origin_ + '/' + name},
          {"description", nullptr},
          {"fork", false},
          {"url", base_ + "/repos/" + name},
          {"archived", false},
          {"disabled", false},
          {"visibility", "public"},
          {"default_branch", default_branch},
          {"permissions",
           {{"admin", false},
            {"maintain", false},
            {"push", true},
            {"triage", true},
            {"pull", true}}}};
}

json github_json::end(const std::string& repo, const std::string& branch,
                      const std::string& sha) const {
  return {{"label", owner_of(repo) + ':' + branch},
          {"ref", branch},
          {"sha", sha},
          {"user", user(owner_of(repo))},
          {"repo", repository(repo, "main")}};
}

json github_json::labels(const pull& p) const {
  auto list = json::array();
  for (const auto& name : p.labels)
    list.push_back(
      {{"id", id_of(name)},
       {"node_id", "LA_" + name},
       {"url", base_ + "/repos/" + p.repository + "/labels/" + name},
       {"name", name},
       {"color", "ededed"},
       {"default", false},
       {"description", nullptr}});
  return list;
}

json github_json::issue(const pull& p) const {
  const auto number = std::to_string(p.number);
  const auto path = base_ + "/repos/" + p.repository;
  return {{"id", id_of(p.repository) * 1000 + p.number},
          {"node_id", "PR_" + number},
          {"url", path + "/issues/" + number},
          {"html_url", origin_ + '/' + p.repository + "/pull/" + number},
          {"number", p.number},
          {"state", p.open ? "open" : "closed"},
          {"locked", false},
          {"title", p.title},
          {"user", user(login_)},
          {"body", p.body.empty() ? json{} : json(p.body)},
          {"labels", labels(p)},
          {"assignee", p.assignees.empty() ? json{} : user(p.assignees[0])},
          {"assignees", users(p.assignees)},
          {"milestone", nullptr},
          {"comments", p.comments.size()},
          {"created_at", time_text(p.created)},
          {"updated_at", time_text(p.updated)},
          {"closed_at", time_text(p.closed)},
          {"author_association", "COLLABORATOR"}};
}

json github_json::pull_request(const pull& p) const {
  auto out = issue(p);
  const auto number = std::to_string(p.number);
  const auto path = base_ + "/repos/" + p.repository;
  const auto page = origin_ + '/' + p.repository + "/pull/" + number;
  auto teams = json::array();
  for (const auto& slug : p.team_reviewers)
    teams.push_back({{"id", id_of(slug)}, {"slug", slug}, {"name", slug}});
  out["url"] = path + "/pulls/" + number;
  out["diff_url"] = page + ".diff";
  out["patch_url"] = page + ".patch";
  out["issue_url"] = path + "/issues/" + number;
  out["commits_url"] = path + "/pulls/" + number + "/commits";
  out["comments_url"] = path + "/issues/" + number + "/comments";
  out["statuses_url"] = path + "/statuses/" + p.head_sha;
  out["merged_at"] = p.merged ? time_text(p.closed) : json{};
  out["merge_commit_sha"] = p.merged ? json(p.merge_commit) : json{};
  out["requested_reviewers"] = users(p.reviewers);
  out["requested_teams"] = teams;
  out["draft"] = p.draft;
  out["head"] = end(p.head_repository, p.head, p.head_sha);
  out["base"] = end(p.repository, p.base, p.base_sha);
  out["auto_merge"] = nullptr;
  out["merged"] = p.merged;
  const bool known = !p.worked_out.empty();
  out["mergeable"] = known ? json(p.mergeable) : json{};
  out["mergeable_state"] = !known        ? "unknown"
                           : p.draft     ? "draft"
                           : p.mergeable ? "clean"
                                         : "dirty";
  out["maintainer_can_modify"] = p.maintainer_can_modify;
  out["_links"] = {{"self", {{"href", out["url"]}}},
                   {"html", {{"href", page}}}};
  return out;
}

json github_json::listed_pull_request(const pull& p) const {
  auto out = pull_request(p);
  for (const char* name :
       {"merged", "mergeable", "mergeable_state", "maintainer_can_modify"})
    out.erase(name);
  return out;
}

std::string github_json::page(const pull& p) {
  const auto* state = p.merged ? "merged" : p.open ? "open" : "closed";
  std::string labels;
  for (const auto& name : p.labels)
    labels += " [" + name + ']';
  return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>" +
         escaped(p.title) +
         "</title><style>:root{color-scheme:light dark;font:15px/1.5 "
         "system-ui,sans-serif}body{max-width:48rem;margin:2rem auto;padding:"
         "0 1rem}pre{white-space:pre-wrap}</style><h1>" +
         escaped(p.title) + " #" + std::to_string(p.number) + "</h1><p>" +
         state + (p.draft ? ", draft" : "") + ": " + escaped(p.head) +
         " &rarr; " + escaped(p.repository) + ' ' + escaped(p.base) +
         escaped(labels) + "</p><pre>" + escaped(p.body) + "</pre></html>\n";
}

std::string github_time(std::int64_t seconds) {
  std::array<char, 32> text{};
  const std::time_t t = seconds;
  std::tm parts{};
  ::gmtime_r(&t, &parts);
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

json github_error(int status, const std::string& message,
                  const std::vector<field_error>& errors) {
  json out{{"message", message},
           {"documentation_url", "https://docs.github.com/rest"},
           {"status", std::to_string(status)}};
  for (const auto& e : errors) {
    json one{{"resource", "PullRequest"}, {"code", e.code}};
    if (!e.field.empty())
      one["field"] = e.field;
    if (!e.message.empty())
      one["message"] = e.message;
    out["errors"].push_back(std::move(one));
  }
  return out;
}

} // namespace pj::doubles
