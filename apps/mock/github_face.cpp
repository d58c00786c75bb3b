#include "apps/mock/github_face.hpp"

#include "apps/mock/child.hpp"
#include "apps/mock/github_listings.hpp"
#include "apps/mock/github_pulls.hpp"
#include "apps/mock/github_refs.hpp"
#include "core/json_text.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <ctime>
#include <nlohmann/json.hpp>

namespace pj::doubles {
namespace {

using nlohmann::json;

class github_face final : public face {
public:
  github_face(backstage tools, std::shared_ptr<pull_store> pulls,
              github_options options)
    : face("github", tools), pulls_(pulls), options_(options),
      desk_(tools, pulls, options.login), refs_(tools, pulls),
      listings_(pulls,
                [this](const github_visit& v, const std::string& name) {
                  return repository(v, name);
                }),
      left_(options.limit), renewed_(std::time(nullptr)) {}

protected:
  std::string error_body(const server_request&, int status) override {
    return json_text(github_error(status, "The mock was told to answer " +
                                            std::to_string(status)));
  }

  void serve(call what) override {
    github_visit v;
    const auto path = path_of(what.request.target);
    for (const auto part : split(path, '/'))
      if (!part.empty())
        v.path.push_back(percent_decoded(part));
    v.origin = options_.scheme + "://" +
               std::string{find_header(what.request.headers, "host")};
    v.base_url = v.origin;
    if (v.path.size() > 1 && v.path[0] == "api" && v.path[1] == "v3") {
      v.path.erase(v.path.begin(), v.path.begin() + 2);
      v.base_url += "/api/v3";
    }
    v.what = std::move(what);
    try {
      if (v.is("GET", {"*", "*", "pull", "*"}))
        return show_page(v);
      admit(v);
      v.headers = headers();
      route(v);
    } catch (const github_refusal& no) {
      v.headers = headers();
      v.refuse(no);
    }
  }

private:
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

  void admit(const github_visit& v) {
    const auto& request = v.what.request;
    const auto& headers = request.headers;
    if (find_header(headers, "user-agent").empty())
      throw github_refusal{
        403,
        "Request forbidden by administrative rules. Please make "
        "sure your request has a User-Agent header.",
        {}};
    const auto version = find_header(headers, "x-github-api-version");
    if (!version.empty() && version != "2022-11-28" && version != "2026-03-10")
      throw github_refusal{400,
                           "\"" + std::string{version} +
                             "\" is not a supported version of the API.",
                           {}};
    if (!v.is("POST", {"app", "installations", "*", "access_tokens"}))
      check_token(token_of(request));
    const auto now = std::time(nullptr);
    if (now >= renewed_.load() + 3600) {
      renewed_ = now;
      left_ = options_.limit;
    }
    if (left_ == 0)
      throw github_refusal{403, "API rate limit exceeded for user ID 1.", {}};
    --left_;
  }

  /// What follows "Bearer" or "token".
  static std::string token_of(const server_request& request) {
    const std::string given{find_header(request.headers, "authorization")};
    if (given.empty())
      throw github_refusal{401, "Requires authentication", {}};
    const auto scheme = lowered(given.substr(0, given.find(' ')));
    if (scheme != "bearer" && scheme != "token")
      throw github_refusal{401, "Bad credentials", {}};
    return given.substr(std::min(given.size(), scheme.size() + 1));
  }

  void check_token(const std::string& token) const {
    if (!options_.tokens->accepts(token, std::time(nullptr)))
      throw github_refusal{401, "Bad credentials", {}};
  }

  void give_app_token(const github_visit& v) {
    const auto& app = options_.app;
    const auto now = std::time(nullptr);
    if (app.id.empty())
      throw github_refusal{401, "Integration not found", {}};
    if (const auto why = jwt_complaint(app, token_of(v.what.request), now);
        !why.empty())
      throw github_refusal{401, why, {}};
    if (v.path[2] != app.installation)
      throw github_refusal{404, "Not Found", {}};
    v.body();
    const auto ends = now + app.token_seconds;
    v.answer(201, json{{"token", options_.tokens->issue(ends)},
                       {"expires_at", github_time(ends)},
                       {"permissions",
                        {{"contents", "write"},
                         {"metadata", "read"},
                         {"pull_requests", "write"}}},
                       {"repository_selection", "all"}});
  }

  void route(const github_visit& v) {
    if (v.is("POST", {"app", "installations", "*", "access_tokens"}))
      return give_app_token(v);
    if (v.is("GET", {"user"}) &&
        options_.tokens->is_of_app(token_of(v.what.request)))
      throw github_refusal{403, "Resource not accessible by integration", {}};
    if (v.is("GET", {"user"}))
      return v.answer(200, out(v).user(options_.login));
    if (v.is("GET", {"rate_limit"}))
      return show_limits(v);
    if (listings_.route(v))
      return;
    if (v.path.size() < 3 || v.path[0] != "repos")
      throw github_refusal{404, "Not Found", {}};
    if (const auto now = tools().book->moved(v.repository()); !now.empty())
      return redirect(v, now);
    if (!pulls_->repos().find(v.repository()))
      throw github_refusal{404, "Not Found", {}};
    if (v.is("GET", {"repos", "*", "*"}))
      return v.answer(200, repository(v, v.repository()));
    if (v.is("POST", {"repos", "*", "*", "forks"}))
      return fork(v);
    if (v.is("GET", {"repos", "*", "*", "commits"}))
      return list_commits(v);
    if (v.is("POST", {"repos", "*", "*", "merge-upstream"}))
      return merge_upstream(v);
    if (v.path.size() >= 5 && v.path[3] == "branches" && v.method() == "GET")
      return show_branch(v);
    if (!refs_.route(v))
      desk_.route(v);
  }

  github_json out(const github_visit& v) const {
    return github_json{v.base_url, v.origin, options_.login};
  }

  json repository(const github_visit& v, const std::string& name) const {
    const auto folder = pulls_->repos().find(name);
    auto shown = out(v).repository(
      name, folder ? repositories::default_branch(*folder) : "main");
    shown["clone_url"] = *options_.git + '/' + name + ".git";
    shown["archived"] = folder && is_archived(*folder);
    if (const auto parent = pulls_->parent_of(name); !parent.empty()) {
      shown["fork"] = true;
      shown["parent"] = shown["source"] = repository(v, parent);
    }
    return shown;
  }

  void redirect(const github_visit& v, const std::string& now) {
    auto target = v.what.request.target;
    const auto old = v.repository();
    const auto at = target.find(old);
    if (at == std::string::npos)
      throw github_refusal{404, "Not Found", {}};
    const auto there = v.origin + target.replace(at, old.size(), now);
    v.answer(v.method() == "GET" ? 301 : 307,
             json{{"message", "Moved Permanently"}, {"url", there}},
             {{"location", there}});
  }

  void show_limits(const github_visit& v) {
    const json core{{"limit", options_.limit},
                    {"remaining", left_.load()},
                    {"reset", renewed_.load() + 3600},
                    {"used", options_.limit - left_}};
    v.answer(200, json{{"resources", {{"core", core}}}, {"rate", core}});
  }

  void show_branch(const github_visit& v) {
    auto name = v.path[4];
    for (std::size_t i = 5; i < v.path.size(); ++i)
      name += '/' + v.path[i];
    const auto folder = pulls_->repos().find(v.repository());
    const auto sha = repositories::branch(*folder, name);
    if (!sha)
      throw github_refusal{404, "Branch not found", {}};
    v.answer(
      200,
      json{{"name", name}, {"commit", {{"sha", *sha}}}, {"protected", false}});
  }

  void show_page(const github_visit& v) {
    const auto name = v.path[0] + '/' + v.path[1];
    std::uint64_t number = 0;
    std::from_chars(v.path[3].data(), v.path[3].data() + v.path[3].size(),
                    number);
    const auto p = pulls_->find(name, number);
    if (!p)
      throw github_refusal{404, "Not Found", {}};
    v.what.answer->reply(200, {{"content-type", "text/html; charset=utf-8"}},
                         github_json::page(*p));
  }

  void fork(const github_visit& v) {
    const auto owner = text_field(v.body(), "organization");
    const auto parent = v.repository();
    const auto fork =
      (owner.empty() ? options_.login : owner) + '/' + name_of(parent);
    if (!is_repository_name(fork) || fork == parent)
      throw github_refusal{
        403, "A repository cannot be forked to its own owner", {}};
    tools().workers->post([this, v, parent, fork] {
      if (!pulls_->repos().find(fork)) {
        bool ok = true;
        output_of({"git", "-c", "safe.directory=*", "clone", "-q", "--bare",
                   pulls_->repos().find(parent)->string(),
                   (pulls_->repos().root() / (fork + ".git")).string()},
                  ok);
        if (!ok)
          return v.answer(500, github_error(500, "The fork failed"));
        pulls_->add_fork(parent, fork);
      }
      v.answer(202, repository(v, fork));
    });
  }

  void list_commits(const github_visit& v) {
    const auto folder = *pulls_->repos().find(v.repository());
    const auto sha =
      repositories::branch(folder, repositories::default_branch(folder));
    if (!sha)
      throw github_refusal{409, "Git Repository is empty.", {}};
    v.answer(200, json::array({{{"sha", *sha}}}));
  }

  void merge_upstream(const github_visit& v) {
    const auto branch = text_field(v.body(), "branch");
    const auto parent = pulls_->parent_of(v.repository());
    if (branch.empty() || parent.empty())
      throw github_refusal{422, "This repository cannot be synced.", {}};
    tools().workers->post([this, v, branch, parent] {
      bool ok = true;
      output_of({"git", "-c", "safe.directory=*", "-C",
                 pulls_->repos().find(v.repository())->string(), "fetch", "-q",
                 pulls_->repos().find(parent)->string(),
                 "refs/heads/" + branch + ":refs/heads/" + branch},
                ok);
      if (!ok)
        return v.answer(
          409, github_error(409, "There are merge conflicts with " + parent));
      v.answer(200, json{{"message", "Successfully fetched and fast-forwarded"},
                         {"merge_type", "fast-forward"},
                         {"base_branch", owner_of(parent) + ':' + branch}});
    });
  }

  std::shared_ptr<pull_store> pulls_;
  github_options options_;
  github_pulls desk_;
  github_refs refs_;
  github_listings listings_;
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
