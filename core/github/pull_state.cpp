#include "core/github/pull_state.hpp"

#include "core/text.hpp"
#include "core/url.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <charconv>

namespace pj::github {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 4> standings = {"open", "draft",
                                                       "merged", "closed"};
constexpr std::array<std::string_view, 3> methods = {"merge", "squash",
                                                     "rebase"};

/// GitHub's word for how an open pull request may be merged: the values of
/// `MergeStateStatus` in its GraphQL schema, in small letters.
struct merge_word {
  std::string_view word;
  std::string_view shown;
  std::string_view obstacle; ///< empty: none
};

constexpr std::array<merge_word, 6> merge_words = {{
  {"clean", "ready", ""},
  {"has_hooks", "ready", ""},
  {"dirty", "conflicts", "it conflicts with its base: resolve that first"},
  {"blocked", "blocked",
   "its repository's rules hold it back: reviews or checks are missing"},
  {"behind", "behind",
   "its branch is behind its base and the repository wants it up to date"},
  {"unstable", "checks not passed", "its checks have not all passed"},
}};

const merge_word* word_of(const pull_state& of) noexcept {
  for (const auto& one : merge_words)
    if (one.word == of.merge_state)
      return &one;
  return nullptr;
}

/// A member of an object; null when it is not there.
json member(const json& of, const char* name) {
  if (!of.is_object())
    return {};
  const auto at = of.find(name);
  return at == of.end() ? json{} : *at;
}

bool is_true(const json& x) {
  return x.is_boolean() && x.get<bool>();
}

pull_standing standing_of(const json& j) {
  if (is_true(member(j, "merged")) || member(j, "merged_at").is_string())
    return pull_standing::merged;
  if (text_member(j, "state") == "closed")
    return pull_standing::closed;
  return is_true(member(j, "draft")) ? pull_standing::draft
                                     : pull_standing::open;
}

std::string url_of(const pull_place& at, const std::string& part) {
  return repository_url(at.api, at.owner, at.name) + part;
}

std::string pull_url(const pull_place& at) {
  return url_of(at, "/pulls/" + std::to_string(at.number));
}

std::string head_url(const pull_place& at, const pull_state& of,
                     const char* part) {
  const auto slash = of.head_repository.find('/');
  return repository_url(at.api, of.head_repository.substr(0, slash),
                        of.head_repository.substr(slash + 1)) +
         part + percent_encoded("heads/" + of.head);
}

} // namespace

std::string_view to_string(pull_standing at) noexcept {
  return standings[static_cast<std::size_t>(at)];
}

result<merge_method> merge_method_from(std::string_view name) {
  for (std::size_t i = 0; i < methods.size(); ++i)
    if (methods[i] == name)
      return static_cast<merge_method>(i);
  return configuration_failure("--method " + printable(name) +
                               ": not known; one of merge, squash, rebase");
}

http_request pull_state_request(const pull_place& at) {
  return request("GET", pull_url(at));
}

result<pull_state> read_pull_state(const http_response& response) {
  const auto j = parse_body(response);
  const auto number = member(j, "number");
  pull_state out;
  out.url = text_member(j, "html_url");
  if (!number.is_number_integer() || out.url.empty())
    return unreadable(response);
  out.number = number.get<std::int64_t>();
  out.title = text_member(j, "title");
  out.at = standing_of(j);
  if (const auto can = member(j, "mergeable"); can.is_boolean())
    out.mergeable = can.get<bool>();
  out.merge_state = text_member(j, "mergeable_state");
  const auto head = member(j, "head");
  out.head = text_member(head, "ref");
  out.head_commit = text_member(head, "sha");
  out.head_repository = text_member(member(head, "repo"), "full_name");
  out.base = text_member(member(j, "base"), "ref");
  return out;
}

http_request merge_request(const pull_place& at, merge_method how,
                           const std::string& commit) {
  return with_json(request("PUT", pull_url(at) + "/merge"),
                   {{"merge_method", methods[static_cast<std::size_t>(how)]},
                    {"sha", commit}});
}

http_request close_request(const pull_place& at) {
  return with_json(request("PATCH", pull_url(at)), {{"state", "closed"}});
}

http_request comment_request(const pull_place& at, const std::string& text) {
  return with_json(
    request("POST",
            url_of(at, "/issues/" + std::to_string(at.number) + "/comments")),
    {{"body", text}});
}

http_request head_request(const pull_place& at, const pull_state& of) {
  return request("GET", head_url(at, of, "/git/ref/"));
}

result<std::string> read_head(const http_response& response) {
  if (response.status == 404)
    return std::string{};
  auto commit = text_member(member(parse_body(response), "object"), "sha");
  if (commit.empty())
    return unreadable(response);
  return commit;
}

http_request delete_head_request(const pull_place& at, const pull_state& of) {
  return request("DELETE", head_url(at, of, "/git/refs/"));
}

std::string merge_obstacle(const pull_state& of, const std::string& commit) {
  if (of.at == pull_standing::closed)
    return "it is closed";
  if (of.at == pull_standing::draft)
    return "it is a draft: mark it as ready for review first";
  if (of.head_commit != commit)
    return "somebody pushed to its branch since: look at it and merge it "
           "yourself";
  if (const auto* word = word_of(of))
    return std::string(word->obstacle);
  return of.mergeable == false ? std::string(merge_words[2].obstacle) : "";
}

bool is_being_worked_out(const pull_state& of) {
  return of.at == pull_standing::open && !of.mergeable;
}

std::string_view readiness(const pull_state& of) noexcept {
  if (const auto* word = word_of(of))
    return word->shown;
  return !of.mergeable   ? "not known yet"
         : *of.mergeable ? "ready"
                         : "conflicts";
}

failure merge_refusal(const errand& what, const http_response& response,
                      std::int64_t now_epoch) {
  auto out = classify(what, response, now_epoch);
  const auto text = error_text(response);
  if (response.status == 409)
    out.what = "somebody pushed to its branch just now (409): " + text;
  if (response.status != 405)
    return out;
  out.what = "GitHub does not merge it (405): " + text;
  // A merge of another one was faster.
  if (lowered(text).find("base branch was modified") != std::string::npos)
    out.kind = failure_class::retry;
  return out;
}

std::int64_t number_in(std::string_view url) noexcept {
  constexpr std::string_view before = "/pull/";
  const auto at = url.rfind(before);
  if (at == url.npos)
    return 0;
  const auto digits = url.substr(at + before.size());
  std::int64_t n = 0;
  const auto end = digits.data() + digits.size();
  return std::from_chars(digits.data(), end, n).ptr == end && n > 0 ? n : 0;
}

} // namespace pj::github
