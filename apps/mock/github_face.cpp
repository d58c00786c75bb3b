#include "apps/mock/github_face.hpp"

#include "apps/mock/child.hpp"
#include "apps/mock/github_json.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <ctime>
#include <nlohmann/json.hpp>

namespace pj::doubles {
namespace {

using nlohmann::json;

/// Thrown where GitHub would refuse.
struct refused {
  int status = 422;
  std::string message;
  std::vector<field_error> errors;
};

/// One request, taken apart.
struct visit {
  call what;
  std::vector<std::string> path; ///< without /api/v3
  std::string base_url;          ///< of this API

  const std::string& method() const { return what.request.method; }

  /// `part` matches itself, "*" anything.
  bool is(std::string_view verb,
          std::initializer_list<std::string_view> parts) const {
    return method() == verb && parts.size() == path.size() &&
           std::equal(parts.begin(), parts.end(), path.begin(),
                      [](std::string_view want, const std::string& have) {
                        return want == "*" || want == have;
                      });
  }

  std::string repository() const { return path.at(1) + '/' + path.at(2); }

  std::uint64_t number() const {
    std::uint64_t n = 0;
    const auto& text = path.at(4);
    std::from_chars(text.data(), text.data() + text.size(), n);
    return n;
  }

  json body() const {
    if (what.request.body.empty())
      return json::object();
    auto parsed = json::parse(what.request.body, nullptr, false);
    if (parsed.is_discarded())
      throw refused{400, "Problems parsing JSON", {}};
    if (!parsed.is_object())
      throw refused{400, "Body should be a JSON object", {}};
    return parsed;
  }
};

[[noreturn]] void invalid(const std::string& name, const json& value,
                          const char* wanted) {
  throw refused{422,
                "Invalid request.\n\nFor 'properties/" + name + "', " +
                  value.dump() + " is not " + wanted + '.',
                {}};
}

std::string text_field(const json& body, const std::string& name) {
  const auto found = body.find(name);
  if (found == body.end() || found->is_null())
    return {};
  if (!found->is_string())
    invalid(name, *found, "a string");
  return found->get<std::string>();
}

bool flag_field(const json& body, const std::string& name, bool otherwise) {
  const auto found = body.find(name);
  if (found == body.end() || found->is_null())
    return otherwise;
  if (!found->is_boolean())
    invalid(name, *found, "a boolean");
  return found->get<bool>();
}

std::vector<std::string> list_field(const json& body, const std::string& name) {
  const auto found = body.find(name);
  if (found == body.end() || found->is_null())
    return {};
  if (!found->is_array())
    invalid(name, *found, "an array");
  std::vector<std::string> list;
  for (const auto& item : *found) {
    if (!item.is_string())
      invalid(name, item, "a string");
    list.push_back(item.get<std::string>());
  }
  return list;
}

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

class github_face final : public face {
public:
  github_face(backstage tools, std::shared_ptr<pull_store> pulls,
              github_options options)
    : face("github", std::move(tools)), pulls_(std::move(pulls)),
      options_(std::move(options)), left_(options_.limit),
      renewed_(std::time(nullptr)) {}

protected:
  std::string error_body(const server_request&, int status) override {
    return github_error(status, "The mock was told to answer " +
                                  std::to_string(status));
  }

  void serve(call what) override {
    visit v;
    const auto path = path_of(what.request.target);
    for (const auto part : split(path, '/'))
      if (!part.empty())
        v.path.push_back(percent_decoded(part));
    v.base_url = options_.scheme + "://" +
                 std::string{find_header(what.request.headers, "host")};
    if (v.path.size() > 1 && v.path[0] == "api" && v.path[1] == "v3") {
      v.path.erase(v.path.begin(), v.path.begin() + 2);
      v.base_url += "/api/v3";
    }
    v.what = std::move(what);
    attempt(v, [&] {
      if (v.is("GET", {"*", "*", "pull", "*"}))
        return show_page(v);
      admit(v.what.request);
      route(v);
    });
  }

private:
  template <class Work>
  void attempt(const visit& v, Work work) {
    try {
      work();
    } catch (const refused& no) {
      answer(v, no.status, github_error(no.status, no.message, no.errors));
    }
  }

  http_headers headers() const {
    return {{"x-github-request-id", "MOCK:1"},
            {"x-github-media-type", "github.v3; format=json"},
            {"x-github-api-version-selected", "2022-11-28"},
            {"x-oauth-scopes", "repo, workflow"},
            {"x-accepted-oauth-scopes", "repo"},
            {"x-ratelimit-limit", std::to_string(options_.limit)},
            {"x-ratelimit-remaining", std::to_string(left_.load())},
            {"x-ratelimit-used", std::to_string(options_.limit - left_)},
            {"x-ratelimit-reset", std::to_string(renewed_.load() + 3600)},
            {"x-ratelimit-resource", "core"}};
  }

  void answer(const visit& v, int status, const std::string& body,
              http_headers more = {}) const {
    for (auto& h : headers())
      more.push_back(std::move(h));
    reply_json(*v.what.answer, status, body, std::move(more));
  }

  void answer(const visit& v, int status, const json& body,
              http_headers more = {}) const {
    answer(v, status, body.dump(-1, ' ', false, json::error_handler_t::replace),
           std::move(more));
  }

  void admit(const server_request& request) {
    const auto& headers = request.headers;
    if (find_header(headers, "user-agent").empty())
      throw refused{403,
                    "Request forbidden by administrative rules. Please make "
                    "sure your request has a User-Agent header.",
                    {}};
    const auto version = find_header(headers, "x-github-api-version");
    if (!version.empty() && version != "2022-11-28" && version != "2026-03-10")
      throw refused{400,
                    "\"" + std::string{version} +
                      "\" is not a supported version of the API.",
                    {}};
    check_token(std::string{find_header(headers, "authorization")});
    const auto now = std::time(nullptr);
    if (now >= renewed_.load() + 3600) {
      renewed_ = now;
      left_ = options_.limit;
    }
    if (left_ == 0)
      throw refused{403, "API rate limit exceeded for user ID 1.", {}};
    --left_;
  }

  void check_token(const std::string& given) const {
    if (given.empty())
      throw refused{401, "Requires authentication", {}};
    const auto scheme = lowered(given.substr(0, given.find(' ')));
    const auto token = given.substr(std::min(given.size(), scheme.size() + 1));
    if ((scheme != "bearer" && scheme != "token") || token != options_.token)
      throw refused{401, "Bad credentials", {}};
  }

  void route(const visit& v) {
    if (v.is("GET", {"user"}))
      return answer(v, 200, out(v).user(options_.login));
    if (v.is("GET", {"rate_limit"}))
      return show_limits(v);
    if (v.path.size() < 3 || v.path[0] != "repos")
      throw refused{404, "Not Found", {}};
    if (const auto now = tools().book->moved(v.repository()); !now.empty())
      return redirect(v, now);
    if (!pulls_->repos().find(v.repository()))
      throw refused{404, "Not Found", {}};
    if (v.is("GET", {"repos", "*", "*"}))
      return answer(v, 200, repository(v, v.repository()));
    if (v.is("POST", {"repos", "*", "*", "forks"}))
      return fork(v);
    if (v.path.size() >= 5 && v.path[3] == "branches" && v.method() == "GET")
      return show_branch(v);
    if (v.is("POST", {"repos", "*", "*", "pulls"}))
      return open(v);
    if (v.is("GET", {"repos", "*", "*", "pulls"}))
      return list(v);
    if (v.path.size() >= 5 && (v.path[3] == "pulls" || v.path[3] == "issues"))
      return route_one(v);
    throw refused{404, "Not Found", {}};
  }

  void route_one(const visit& v) {
    if (!pulls_->find(v.repository(), v.number()))
      throw refused{404, "Not Found", {}};
    if (v.is("GET", {"repos", "*", "*", "pulls", "*"}))
      return show(v, 200, [](pull&) {});
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
    throw refused{404, "Not Found", {}};
  }

  github_json out(const visit& v) const {
    return github_json{v.base_url, options_.login};
  }

  json repository(const visit& v, const std::string& name) const {
    const auto folder = pulls_->repos().find(name);
    auto r = out(v).repository(
      name, folder ? repositories::default_branch(*folder) : "main");
    return r;
  }

  void redirect(const visit& v, const std::string& now) {
    auto target = v.what.request.target;
    const auto old = v.repository();
    target.replace(target.find(old), old.size(), now);
    const auto status = v.method() == "GET" ? 301 : 307;
    const auto origin =
      options_.scheme + "://" +
      std::string{find_header(v.what.request.headers, "host")};
    answer(v, status,
           json{{"message", "Moved Permanently"}, {"url", origin + target}},
           {{"location", origin + target}});
  }

  void show_limits(const visit& v) {
    const json core{{"limit", options_.limit},
                    {"remaining", left_.load()},
                    {"reset", renewed_.load() + 3600},
                    {"used", options_.limit - left_}};
    answer(v, 200, json{{"resources", {{"core", core}}}, {"rate", core}});
  }

  void show_branch(const visit& v) {
    auto name = v.path[4];
    for (std::size_t i = 5; i < v.path.size(); ++i)
      name += '/' + v.path[i];
    const auto folder = pulls_->repos().find(v.repository());
    const auto sha = repositories::branch(*folder, name);
    if (!sha)
      throw refused{404, "Branch not found", {}};
    answer(
      v, 200,
      json{{"name", name}, {"commit", {{"sha", *sha}}}, {"protected", false}});
  }

  void show_page(const visit& v) {
    const auto name = v.path[0] + '/' + v.path[1];
    const auto p = pulls_->find(name, number_or(v.path[3], 0));
    if (!p)
      throw refused{404, "Not Found", {}};
    v.what.answer->reply(200, {{"content-type", "text/html; charset=utf-8"}},
                         github_json::page(*p));
  }

  static pull_wish read_wish(const visit& v) {
    const auto body = v.body();
    pull_wish wish;
    wish.repository = v.repository();
    wish.title = text_field(body, "title");
    wish.body = text_field(body, "body");
    wish.head = text_field(body, "head");
    wish.base = text_field(body, "base");
    wish.head_repo = text_field(body, "head_repo");
    wish.draft = flag_field(body, "draft", false);
    wish.maintainer_can_modify =
      flag_field(body, "maintainer_can_modify", true);
    std::vector<field_error> missing;
    for (const auto& [name, value] :
         {std::pair{"title", &wish.title}, std::pair{"head", &wish.head},
          std::pair{"base", &wish.base}})
      if (trimmed(*value).empty())
        missing.push_back({"missing_field", name, {}});
    if (!missing.empty())
      throw refused{422, "Validation Failed", missing};
    return wish;
  }

  void open(const visit& v) {
    auto wish = read_wish(v);
    tools().workers->post([this, v, wish] {
      if (v.what.suffers(fault_kind::duplicate_pull))
        pulls_->open(wish);
      auto made = pulls_->open(wish);
      if (const auto* errors = std::get_if<std::vector<field_error>>(&made))
        return answer(v, 422, github_error(422, "Validation Failed", *errors));
      const auto& p = std::get<pull>(made);
      tools().journal->count("pj_mock_pulls_total", "");
      const auto shown = out(v).pull_request(p);
      answer(v, 201, shown, {{"location", shown["url"].get<std::string>()}});
    });
  }

  void list(const visit& v) {
    const auto& target = v.what.request.target;
    const auto state = query_value(target, "state");
    const auto head = query_value(target, "head");
    const auto base = query_value(target, "base");
    const auto size = std::min<std::size_t>(
      100, number_or(query_value(target, "per_page"), 30));
    const auto page = number_or(query_value(target, "page"), 1);
    auto found = pulls_->of(v.repository());
    std::erase_if(found, [&](const pull& p) {
      const bool wrong_state =
        state == "closed" ? p.open : state != "all" && !p.open;
      const bool wrong_head =
        head.find(':') != std::string::npos &&
        head != owner_of(p.head_repository) + ':' + p.head;
      return wrong_state || wrong_head || (!base.empty() && base != p.base);
    });
    std::ranges::reverse(found);
    auto shown = json::array();
    for (auto i = (page - 1) * size; i < found.size() && i < page * size; ++i)
      shown.push_back(out(v).pull_request(found[i]));
    http_headers more;
    if (page * size < found.size())
      more.push_back({"link", '<' + v.base_url + "/repos/" + v.repository() +
                                "/pulls?page=" + std::to_string(page + 1) +
                                ">; rel=\"next\""});
    answer(v, 200, shown, std::move(more));
  }

  template <class Change>
  void show(const visit& v, int status, Change how) {
    const auto p = pulls_->change(v.repository(), v.number(), how);
    answer(v, status, out(v).pull_request(*p));
  }

  void edit(const visit& v) {
    const auto body = v.body();
    const auto state = text_field(body, "state");
    if (!state.empty() && state != "open" && state != "closed")
      invalid("state", state, "a possible value");
    show(v, 200, [&](pull& p) {
      if (body.contains("title"))
        p.title = text_field(body, "title");
      if (body.contains("body"))
        p.body = text_field(body, "body");
      if (body.contains("base"))
        p.base = text_field(body, "base");
      if (!state.empty())
        p.open = state == "open";
    });
  }

  void merge(const visit& v) {
    tools().workers->post([this, v] {
      const auto p = *pulls_->find(v.repository(), v.number());
      const auto folder = pulls_->repos().find(p.repository);
      bool ok = p.open;
      if (ok)
        output_of({"git", "-c", "safe.directory=*", "-C", folder->string(),
                   "merge-base", "--is-ancestor", p.base, p.head_sha},
                  ok);
      if (ok)
        output_of({"git", "-c", "safe.directory=*", "-C", folder->string(),
                   "update-ref", "refs/heads/" + p.base, p.head_sha},
                  ok);
      if (!ok)
        return answer(v, 405,
                      github_error(405, "Pull Request is not mergeable"));
      pulls_->change(p.repository, p.number, [](pull& one) {
        one.open = false;
        one.merged = true;
      });
      answer(v, 200,
             json{{"sha", p.head_sha},
                  {"merged", true},
                  {"message", "Pull Request successfully merged"}});
    });
  }

  void ask_reviewers(const visit& v) {
    const auto body = v.body();
    const auto people = list_field(body, "reviewers");
    const auto teams = list_field(body, "team_reviewers");
    if (std::ranges::find(people, options_.login) != people.end())
      throw refused{
        422, "Review cannot be requested from pull request author.", {}};
    if (std::ranges::find(people, "nobody") != people.end())
      throw refused{422,
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

  void add_labels(const visit& v) {
    const auto names = list_field(v.body(), "labels");
    if (names.empty())
      throw refused{
        422, "Validation Failed", {{"missing_field", "labels", {}}}};
    const auto p = pulls_->change(v.repository(), v.number(), [&](pull& one) {
      add_new(one.labels, names);
    });
    answer(v, 200, out(v).labels(*p));
  }

  void assign(const visit& v) {
    const auto people = list_field(v.body(), "assignees");
    const auto p = pulls_->change(v.repository(), v.number(), [&](pull& one) {
      add_new(one.assignees, people);
    });
    answer(v, 201, out(v).issue(*p));
  }

  void comment(const visit& v) {
    const auto text = text_field(v.body(), "body");
    if (trimmed(text).empty())
      throw refused{422, "Validation Failed", {{"missing_field", "body", {}}}};
    pulls_->change(v.repository(), v.number(),
                   [&](pull& p) { p.comments.push_back(text); });
    answer(
      v, 201,
      json{{"id", 1}, {"body", text}, {"user", out(v).user(options_.login)}});
  }

  void fork(const visit& v) {
    const auto owner = text_field(v.body(), "organization");
    const auto parent = v.repository();
    const auto fork =
      (owner.empty() ? options_.login : owner) + '/' + name_of(parent);
    if (!is_repository_name(fork) || fork == parent)
      throw refused{403, "A repository cannot be forked to its own owner", {}};
    tools().workers->post([this, v, parent, fork] {
      if (!pulls_->repos().find(fork)) {
        bool ok = true;
        output_of({"git", "-c", "safe.directory=*", "clone", "-q", "--bare",
                   pulls_->repos().find(parent)->string(),
                   (pulls_->repos().root() / (fork + ".git")).string()},
                  ok);
        if (!ok)
          return answer(v, 500, github_error(500, "The fork failed"));
        pulls_->add_fork(parent, fork);
      }
      auto shown = repository(v, fork);
      shown["fork"] = true;
      shown["parent"] = repository(v, parent);
      answer(v, 202, shown);
    });
  }

  std::shared_ptr<pull_store> pulls_;
  github_options options_;
  std::atomic<std::uint64_t> left_;
  std::atomic<std::time_t> renewed_;
};

} // namespace

std::unique_ptr<face> make_github_face(backstage tools,
                                       std::shared_ptr<pull_store> pulls,
                                       github_options options) {
  return std::make_unique<github_face>(std::move(tools), std::move(pulls),
                                       std::move(options));
}

} // namespace pj::doubles
