#include "core/github/fork.hpp"

#include "core/spec/environment.hpp"
#include "core/text.hpp"
#include "core/url.hpp"

#include <nlohmann/json.hpp>

namespace pj::github {

namespace {

using nlohmann::json;

std::string full_name(const fork_wish& what) {
  return what.owner + "/" + what.name;
}

std::string url_of(const fork_wish& what, const fork& made) {
  return repository_url(what.api, made.owner, made.name);
}

/// Names end up in addresses that the token is sent to.
std::optional<fork> read_names(const json& repository) {
  const auto full = text_member(repository, "full_name");
  const auto slash = full.find('/');
  if (slash == full.npos)
    return std::nullopt;
  fork out{full.substr(0, slash), full.substr(slash + 1)};
  if (!is_github_name(out.owner) || !is_github_name(out.name))
    return std::nullopt;
  return out;
}

bool came_from(const json& repository, const char* relation,
               const std::string& name) {
  const auto one = repository.find(relation);
  return one != repository.end() &&
         equal_ignoring_case(text_member(*one, "full_name"), name);
}

} // namespace

http_request find_fork_request(const fork_wish& what) {
  return request("GET", repository_url(what.api, what.organization, what.name));
}

http_request make_fork_request(const fork_wish& what) {
  json body = json::object();
  if (!what.organization.empty())
    body["organization"] = what.organization;
  return with_json(
    request("POST", repository_url(what.api, what.owner, what.name) + "/forks"),
    body);
}

http_request fork_ready_request(const fork_wish& what, const fork& made) {
  return request("GET", url_of(what, made) + "/commits?per_page=1");
}

http_request fork_branch_request(const fork_wish& what, const fork& made) {
  return request("GET", url_of(what, made) + "/branches/" +
                          percent_encoded(what.base));
}

http_request sync_fork_request(const fork_wish& what, const fork& made) {
  return with_json(request("POST", url_of(what, made) + "/merge-upstream"),
                   json{{"branch", what.base}});
}

std::optional<fork> read_found_fork(const fork_wish& what,
                                    const http_response& response) {
  if (response.status != 200)
    return std::nullopt;
  const auto j = parse_body(response);
  if (!j.is_object() || j.value("fork", json()) != json(true))
    return std::nullopt;
  const auto name = full_name(what);
  return came_from(j, "parent", name) || came_from(j, "source", name)
           ? read_names(j)
           : std::nullopt;
}

result<fork> read_made_fork(const http_response& response) {
  if (auto made = read_names(parse_body(response)))
    return *std::move(made);
  return unreadable(response);
}

bool is_up_to_date(const fork_wish& what, const http_response& response) {
  if (response.status != 200)
    return false;
  const auto j = parse_body(response);
  if (!j.is_object())
    return false;
  const auto commit = j.find("commit");
  return commit != j.end() && text_member(*commit, "sha") == what.commit;
}

std::string fork_address(std::string_view repo, const fork_wish& what,
                         const fork& made) {
  const std::string_view suffix = repo.ends_with(".git") ? ".git" : "";
  auto head = repo.substr(0, repo.size() - suffix.size());
  const auto name = full_name(what);
  if (head.size() <= name.size() ||
      !equal_ignoring_case(head.substr(head.size() - name.size()), name))
    return {};
  head.remove_suffix(name.size());
  if (!head.ends_with('/') && !head.ends_with(':'))
    return {};
  return std::string(head) + made.owner + "/" + made.name + std::string(suffix);
}

errand errand_of(const fork_wish& what) {
  return {full_name(what), "fork",
          "administration=write and contents=write on the fork's owner"};
}

} // namespace pj::github
