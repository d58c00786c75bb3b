#include "core/github/pull_request.hpp"

#include "core/text.hpp"
#include "core/url.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace pj::github {

namespace {

using nlohmann::json;

constexpr std::string_view pull_rights =
  "pull_requests=write and contents=write";

std::string url_of(const pull_request& what) {
  return repository_url(what.api, what.owner, what.name);
}

std::string_view head_owner(const pull_request& what) {
  return what.head_owner.empty() ? what.owner : what.head_owner;
}

/// The member `key` of every object in the list `name`.
std::vector<std::string> names_in(const json& pull, const char* name,
                                  const char* key) {
  std::vector<std::string> out;
  const auto list = pull.find(name);
  if (list == pull.end() || !list->is_array())
    return out;
  for (const auto& item : *list)
    if (auto text = text_member(item, key); !text.empty())
      out.push_back(std::move(text));
  return out;
}

std::optional<existing> read_one(const json& j) {
  if (!j.is_object())
    return std::nullopt;
  const auto number = j.find("number");
  auto url = text_member(j, "html_url");
  if (number == j.end() || !number->is_number_integer() || url.empty())
    return std::nullopt;
  existing out;
  out.number = number->get<std::int64_t>();
  out.url = std::move(url);
  out.open = text_member(j, "state") != "closed";
  out.has.labels = names_in(j, "labels", "name");
  out.has.assignees = names_in(j, "assignees", "login");
  out.has.reviewers = names_in(j, "requested_reviewers", "login");
  out.has.team_reviewers = names_in(j, "requested_teams", "slug");
  return out;
}

/// Names are the same to GitHub whatever their case.
std::vector<std::string> missing(const std::vector<std::string>& wanted,
                                 const std::vector<std::string>& has) {
  std::vector<std::string> out;
  for (const auto& name : wanted)
    if (std::none_of(has.begin(), has.end(), [&](const auto& one) {
          return equal_ignoring_case(one, name);
        }))
      out.push_back(name);
  return out;
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names)
    out += (out.empty() ? "" : ", ") + printable(name);
  return out;
}

struct kind {
  const char* key; ///< in the request's body
  const char* what;
  const char* rights;
};

void add_missing(std::vector<dressing>& to, const kind& k,
                 const std::string& url, std::vector<std::string> names) {
  if (names.empty())
    return;
  json body = json::object();
  body[k.key] = names;
  to.push_back({std::string(k.what) + " " + listed(names),
                with_json(request("POST", url), body), k.rights, k.key,
                std::move(names)});
}

} // namespace

http_request repository_request(const pull_request& what) {
  return request("GET", url_of(what));
}

http_request lookup_request(const pull_request& what) {
  const auto head = std::string(head_owner(what)) + ":" + what.head;
  return request("GET", url_of(what) +
                          "/pulls?state=" + (what.any_state ? "all" : "open") +
                          "&head=" + percent_encoded(head));
}

http_request create_request(const pull_request& what) {
  const auto foreign = head_owner(what) != what.owner;
  json body = {
    {"title", what.title},
    {"head", foreign ? what.head_owner + ":" + what.head : what.head},
    {"base", what.base},
    {"body", what.body}};
  if (!foreign && !what.head_name.empty())
    body["head_repo"] = what.head_name;
  if (what.draft)
    body["draft"] = true;
  return with_json(request("POST", url_of(what) + "/pulls"), body);
}

std::vector<dressing> dressings(const pull_request& what,
                                const existing& found) {
  const auto number = std::to_string(found.number);
  const auto issue = url_of(what) + "/issues/" + number;
  const auto reviews =
    url_of(what) + "/pulls/" + number + "/requested_reviewers";
  const auto& more = what.more;
  std::vector<dressing> out;
  add_missing(out, {"labels", "labels", "issues=write or pull_requests=write"},
              issue + "/labels", missing(more.labels, found.has.labels));
  add_missing(
    out, {"assignees", "assignees", "issues=write or pull_requests=write"},
    issue + "/assignees", missing(more.assignees, found.has.assignees));
  add_missing(out, {"reviewers", "reviewers", "pull_requests=write"}, reviews,
              missing(more.reviewers, found.has.reviewers));
  add_missing(out,
              {"team_reviewers", "team reviewers",
               "pull_requests=write and members=read"},
              reviews, missing(more.team_reviewers, found.has.team_reviewers));
  return out;
}

std::string not_assigned(const dressing& what, const http_response& response) {
  if (what.key != "assignees")
    return {};
  const auto j = parse_body(response);
  const auto has = j.is_object() ? names_in(j, "assignees", "login")
                                 : std::vector<std::string>{};
  return listed(missing(what.names, has));
}

result<std::optional<existing>> read_lookup(const http_response& response) {
  const auto j = parse_body(response);
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
  if (auto one = read_one(parse_body(response)))
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

errand errand_of(const pull_request& what) {
  return {what.owner + "/" + what.name, "open a pull request in",
          std::string(pull_rights)};
}

} // namespace pj::github
