#include "apps/mock/github_pulls.hpp"

#include "apps/mock/pull_merge.hpp"
#include "core/text.hpp"
#include "core/url.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace pj::doubles {
namespace {

using nlohmann::json;

void add_new(std::vector<std::string>& to,
             const std::vector<std::string>& some) {
  for (const auto& one : some)
    if (std::ranges::find(to, one) == to.end())
      to.push_back(one);
}

std::size_t number_or(const std::string& text, std::size_t otherwise) {
  std::size_t n = 0;
  const auto end = text.data() + text.size();
  return std::from_chars(text.data(), end, n).ptr == end && n > 0 ? n
                                                                  : otherwise;
}

pull_wish read_wish(const github_visit& v) {
  const auto body = v.body();
  pull_wish wish;
  wish.repository = v.repository();
  wish.title = text_field(body, "title");
  wish.body = text_field(body, "body");
  wish.head = text_field(body, "head");
  wish.base = text_field(body, "base");
  wish.head_repo = text_field(body, "head_repo");
  wish.draft = flag_field(body, "draft", false);
  wish.maintainer_can_modify = flag_field(body, "maintainer_can_modify", true);
  std::vector<field_error> missing;
  for (const auto& [name, value] :
       {std::pair{"title", &wish.title}, std::pair{"head", &wish.head},
        std::pair{"base", &wish.base}})
    if (trimmed(*value).empty())
      missing.push_back({"missing_field", name, {}});
  if (!missing.empty())
    throw github_refusal{422, "Validation Failed", missing};
  return wish;
}

} // namespace

github_json github_pulls::out(const github_visit& v) const {
  return github_json{v.base_url, v.origin, login_};
}

template <class Change>
void github_pulls::show(const github_visit& v, int status, Change how) {
  const auto p = pulls_->change(v.repository(), v.number(), how);
  v.answer(status, out(v).pull_request(*p));
}

void github_pulls::route(const github_visit& v) {
  if (v.is("POST", {"repos", "*", "*", "pulls"}))
    return open(v);
  if (v.is("GET", {"repos", "*", "*", "pulls"}))
    return list(v);
  if (v.path.size() < 5 || !pulls_->find(v.repository(), v.number()))
    throw github_refusal{404, "Not Found", {}};
  if (v.is("GET", {"repos", "*", "*", "pulls", "*"}))
    return look(v);
  if (v.is("PATCH", {"repos", "*", "*", "pulls", "*"}))
    return edit(v);
  if (v.is("PUT", {"repos", "*", "*", "pulls", "*", "merge"}))
    return merge(v);
  if (v.is("POST", {"repos", "*", "*", "pulls", "*", "requested_reviewers"}))
    return ask_reviewers(v);
  if (v.is("POST", {"repos", "*", "*", "issues", "*", "labels"}))
    return add_labels(v);
  if (v.is("POST", {"repos", "*", "*", "issues", "*", "assignees"}))
    return assign(v);
  if (v.is("POST", {"repos", "*", "*", "issues", "*", "comments"}))
    return comment(v);
  throw github_refusal{404, "Not Found", {}};
}

void github_pulls::open(const github_visit& v) {
  auto wish = read_wish(v);
  tools_.workers->post([this, v, wish] {
    if (v.what.suffers(fault_kind::duplicate_pull))
      pulls_->open(wish);
    auto made = pulls_->open(wish);
    if (const auto* errors = std::get_if<std::vector<field_error>>(&made))
      return v.answer(422, github_error(422, "Validation Failed", *errors));
    const auto& p = std::get<pull>(made);
    tools_.journal->count("pj_mock_pulls_total", "");
    const auto shown = out(v).pull_request(p);
    v.answer(201, shown, {{"location", shown["url"].get<std::string>()}});
  });
}

void github_pulls::list(const github_visit& v) {
  const auto& target = v.what.request.target;
  const auto state = query_value(target, "state");
  const auto head = query_value(target, "head");
  const auto base = query_value(target, "base");
  const auto size =
    std::min<std::size_t>(100, number_or(query_value(target, "per_page"), 30));
  const auto page =
    std::min<std::size_t>(1'000'000, number_or(query_value(target, "page"), 1));
  auto found = pulls_->of(v.repository());
  std::erase_if(found, [&](const pull& p) {
    const bool wrong_state =
      state == "closed" ? p.open : state != "all" && !p.open;
    const bool wrong_head = head.find(':') != std::string::npos &&
                            head != owner_of(p.head_repository) + ':' + p.head;
    return wrong_state || wrong_head || (!base.empty() && base != p.base);
  });
  std::ranges::reverse(found);
  auto shown = json::array();
  for (auto i = (page - 1) * size; i < found.size() && i < page * size; ++i)
    shown.push_back(out(v).listed_pull_request(found[i]));
  http_headers more;
  if (page * size < found.size())
    more.push_back(
      {"link", '<' + v.base_url + "/repos/" + v.repository() +
                 "/pulls?state=" + state + "&head=" + percent_encoded(head) +
                 "&base=" + percent_encoded(base) +
                 "&per_page=" + std::to_string(size) +
                 "&page=" + std::to_string(page + 1) + ">; rel=\"next\""});
  v.answer(200, shown, std::move(more));
}

void github_pulls::edit(const github_visit& v) {
  const auto body = v.body();
  const auto state = text_field(body, "state");
  if (!state.empty() && state != "open" && state != "closed")
    invalid_field("state", state, "a possible value");
  const auto title = text_field(body, "title");
  const auto text = text_field(body, "body");
  const auto base = text_field(body, "base");
  const auto now = *pulls_->find(v.repository(), v.number());
  if (now.merged && state == "open")
    throw github_refusal{422,
                         "Validation Failed",
                         {{"invalid", "state",
                           "state cannot be changed. The "
                           "pull request was merged."}}};
  show(v, 200, [&](pull& p) {
    p.head_sha = now.head_sha;
    if (!title.empty())
      p.title = title;
    if (body.contains("body"))
      p.body = text;
    if (!base.empty())
      p.base = base;
    if (!state.empty())
      p.open = state == "open";
  });
}

/// As GitHub does, says at first that it does not know yet.
void github_pulls::look(const github_visit& v) {
  auto p = *pulls_->find(v.repository(), v.number());
  const auto key = merge_key(pulls_->repos(), p);
  if (p.worked_out != key || !p.open)
    p.worked_out.clear();
  v.answer(200, out(v).pull_request(p));
  if (p.worked_out.empty() && p.open)
    tools_.workers->post([this, p, key] {
      const bool can = merges_cleanly(pulls_->repos(), p);
      pulls_->change(p.repository, p.number, [&](pull& one) {
        one.mergeable = can;
        one.worked_out = key;
      });
    });
}

void github_pulls::merge(const github_visit& v) {
  const auto body = v.body();
  const auto sha = text_field(body, "sha");
  auto method = text_field(body, "merge_method");
  if (method.empty())
    method = "merge";
  if (method != "merge" && method != "squash" && method != "rebase")
    invalid_field("merge_method", method, "a possible value");
  tools_.workers->post([this, v, sha, method] {
    const auto p = *pulls_->find(v.repository(), v.number());
    if (p.open && p.draft)
      return v.answer(405, github_error(405, "Pull Request is still a draft"));
    if (p.open && !sha.empty() && sha != p.head_sha)
      return v.answer(
        409, github_error(409, "Head branch was modified. Review and try the "
                               "merge again."));
    const auto made =
      p.open ? doubles::merge(pulls_->repos(), p, method) : std::nullopt;
    if (!made)
      return v.answer(405, github_error(405, "Pull Request is not mergeable"));
    pulls_->change(p.repository, p.number, [&](pull& one) {
      one.head_sha = p.head_sha;
      one.merge_commit = *made;
      one.open = false;
      one.merged = true;
    });
    v.answer(200, json{{"sha", *made},
                       {"merged", true},
                       {"message", "Pull Request successfully merged"}});
  });
}

void github_pulls::ask_reviewers(const github_visit& v) {
  const auto body = v.body();
  const auto people = list_field(body, "reviewers");
  const auto teams = list_field(body, "team_reviewers");
  if (std::ranges::find(people, login_) != people.end())
    throw github_refusal{
      422, "Review cannot be requested from pull request author.", {}};
  if (std::ranges::find(people, "nobody") != people.end())
    throw github_refusal{
      422,
      "Reviews may only be requested from collaborators. One or "
      "more of the users or teams you specified is not a "
      "collaborator of the " +
        v.repository() + " repository.",
      {}};
  show(v, 201, [&](pull& p) {
    add_new(p.reviewers, people);
    add_new(p.team_reviewers, teams);
  });
}

void github_pulls::add_labels(const github_visit& v) {
  const auto names = list_field(v.body(), "labels");
  if (names.empty())
    throw github_refusal{
      422, "Validation Failed", {{"missing_field", "labels", {}}}};
  const auto p = pulls_->change(v.repository(), v.number(),
                                [&](pull& one) { add_new(one.labels, names); });
  v.answer(200, out(v).labels(*p));
}

void github_pulls::assign(const github_visit& v) {
  const auto people = list_field(v.body(), "assignees");
  const auto p = pulls_->change(v.repository(), v.number(), [&](pull& one) {
    add_new(one.assignees, people);
  });
  v.answer(201, out(v).issue(*p));
}

void github_pulls::comment(const github_visit& v) {
  const auto text = text_field(v.body(), "body");
  if (trimmed(text).empty())
    throw github_refusal{
      422, "Validation Failed", {{"missing_field", "body", {}}}};
  pulls_->change(v.repository(), v.number(),
                 [&](pull& p) { p.comments.push_back(text); });
  v.answer(201, json{{"id", 1}, {"body", text}, {"user", out(v).user(login_)}});
}

} // namespace pj::doubles
