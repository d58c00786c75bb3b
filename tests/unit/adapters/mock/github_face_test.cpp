#include "adapters/crypto/rsa.hpp"
#include "core/github/app_token.hpp"
#include "core/github/fork.hpp"
#include "core/github/pull_request.hpp"
#include "mock_world.hpp"
#include "tests/support/git_server.hpp"

#include <catch2/catch_test_macros.hpp>

#include <ctime>

using namespace pj;
using namespace pj::test;
using nlohmann::json;

namespace {

/// A branch one commit ahead of `main`, made on the server itself.
void push_branch(const mock_world& world, const std::string& repository,
                 const std::string& branch) {
  const auto folder = world.doubles.repository_path(repository);
  const auto tree = git_in(folder, {"rev-parse", "main^{tree}"});
  const auto commit = git_in(
    folder, {"-c", "user.name=a", "-c", "user.email=a@b.c", "commit-tree", "-p",
             "main", "-m", "more", tree.substr(0, 40)});
  git_in(folder, {"update-ref", "refs/heads/" + branch, commit.substr(0, 40)});
}

github::pull_request wish(const mock_world& world) {
  github::pull_request p;
  p.api = world.doubles.urls().github;
  p.owner = "acme";
  p.name = "hello";
  p.head = "pj/x";
  p.base = "main";
  p.title = "Say more";
  p.body = "Because.";
  return p;
}

http_response response_of(const recorder::seen& seen) {
  return {seen.status, seen.headers, seen.body};
}

std::string message_of(const recorder::seen& seen) {
  const auto body = parsed(seen);
  return body.value("message", "") +
         (body.contains("errors") ? body["errors"].dump() : "");
}

} // namespace

TEST_CASE("our own requests open, find and dress a pull request") {
  mock_world world;
  push_branch(world, "acme/hello", "pj/x");
  auto what = wish(world);
  what.more = {{"bot", "docs"}, {"ada"}, {"bob"}, {"core"}};
  const auto send = [&](http_request r) {
    return response_of(
      world.send(github::authorized(std::move(r), world.doubles.token())));
  };
  const auto none = github::read_lookup(send(github::lookup_request(what)));
  REQUIRE(none);
  REQUIRE_FALSE(*none);
  const auto made = github::read_created(send(github::create_request(what)));
  REQUIRE(made);
  REQUIRE(made->number == 1);
  REQUIRE(made->url == world.doubles.urls().github + "/acme/hello/pull/1");
  REQUIRE(github::read_refusal(send(github::create_request(what))) ==
          github::refusal::already_exists);
  const auto all = github::dressings(what, *made);
  REQUIRE(all.size() == 4);
  for (const auto& one : all) {
    const auto answer = send(one.request);
    CHECK(answer.status / 100 == 2);
    CHECK(github::not_assigned(one, answer).empty());
  }
  const auto found = github::read_lookup(send(github::lookup_request(what)));
  REQUIRE(found);
  REQUIRE((*found)->number == 1);
  CHECK(github::dressings(what, **found).empty());
  const auto pulls = world.doubles.pulls();
  REQUIRE(pulls.size() == 1);
  REQUIRE(pulls[0].title == "Say more");
  REQUIRE(pulls[0].labels == std::vector<std::string>{"bot", "docs"});
  REQUIRE(pulls[0].team_reviewers == std::vector<std::string>{"core"});
}

TEST_CASE("a fork is made once, found again and brought up to date") {
  mock_world world;
  const auto send = [&](http_request r) {
    return response_of(
      world.send(github::authorized(std::move(r), world.doubles.token())));
  };
  const auto tip = [&](const std::string& name) {
    return git_in(world.doubles.repository_path(name), {"rev-parse", "main"});
  };
  github::fork_wish wish{world.doubles.urls().github,
                         "acme",
                         "hello",
                         "",
                         "main",
                         tip("acme/hello")};
  for (int i = 0; i < 2; ++i) {
    const auto made = github::read_made_fork(send(make_fork_request(wish)));
    REQUIRE(made);
    CHECK(made->owner == "pj-mock");
    CHECK(made->name == "hello");
  }
  const github::fork mine{"pj-mock", "hello"};
  CHECK(send(fork_ready_request(wish, mine)).status == 200);
  CHECK(is_up_to_date(wish, send(fork_branch_request(wish, mine))));
  push_branch(world, "acme/hello", "next");
  git_in(world.doubles.repository_path("acme/hello"),
         {"branch", "-f", "main", "next"});
  wish.commit = tip("acme/hello");
  CHECK_FALSE(is_up_to_date(wish, send(fork_branch_request(wish, mine))));
  CHECK(send(sync_fork_request(wish, mine)).status == 200);
  CHECK(is_up_to_date(wish, send(fork_branch_request(wish, mine))));
  wish.organization = "pj-mock";
  CHECK(read_found_fork(wish, send(find_fork_request(wish))));
  wish.organization = "acme";
  CHECK_FALSE(read_found_fork(wish, send(find_fork_request(wish))));
}

TEST_CASE("an app gets a token for what its key signed, and no other") {
  mock_options options;
  options.app_id = "4711";
  mock_world world(options);
  const auto& urls = world.doubles.urls();
  const github::app_identity app{"4711", urls.app_installation, "", ""};
  const auto key = rsa_key::read(*read_whole_file(urls.app_key, 1u << 16));
  REQUIRE(key);
  const auto now = std::time(nullptr);
  const auto ask = [&](const github::app_identity& who, std::int64_t at,
                       const std::string& spoilt = {}) {
    const auto claims = github::app_claims(who, at);
    return response_of(world.send(github::app_token_request(
      urls.github, who, github::app_jwt(claims, *key->sign(claims + spoilt)))));
  };
  const auto token = github::read_app_token(app, ask(app, now), now);
  REQUIRE(token);
  CHECK(token->ends.time_since_epoch().count() >= now + 3600);
  CHECK(ask(app, now, "x").status == 401);
  CHECK(ask(app, now - 1000).status == 401);
  CHECK(ask(app, now + 120).status == 401);
  CHECK(ask({"1", app.installation, "", ""}, now).status == 401);
  CHECK(ask({"4711", "1", "", ""}, now).status == 404);
  const auto get = [&](const std::string& path) {
    return world
      .send(github::authorized(github::request("GET", urls.github + path),
                               token->text))
      .status;
  };
  CHECK(get("/repos/acme/hello") == 200);
  CHECK(get("/user") == 403);
}

TEST_CASE("a pull request is checked against the repository itself") {
  mock_world world;
  push_branch(world, "acme/hello", "ahead");
  git_in(world.doubles.repository_path("acme/hello"),
         {"branch", "same", "main"});
  const auto open = [&](const std::string& head, const std::string& base) {
    const auto seen = world.send(
      world.to_github("POST", "/repos/acme/hello/pulls",
                      {{"title", "t"}, {"head", head}, {"base", base}}));
    CHECK(seen.status == 422);
    return message_of(seen);
  };
  CHECK(open("nowhere", "main").find(R"("code":"invalid","field":"head")") !=
        std::string::npos);
  CHECK(open("ahead", "nowhere").find(R"("code":"invalid","field":"base")") !=
        std::string::npos);
  CHECK(open("same", "main").find("No commits between main and same") !=
        std::string::npos);
  CHECK(open("main", "ahead").find("No commits between ahead and main") !=
        std::string::npos);
  CHECK(open("", "main").find(R"("code":"missing_field","field":"head")") !=
        std::string::npos);
  CHECK(open("../../config", "main").find(R"("field":"head")") !=
        std::string::npos);
  CHECK(world.doubles.pulls().empty());
}

TEST_CASE("the head filter works only with an owner in front") {
  mock_world world;
  push_branch(world, "acme/hello", "a");
  push_branch(world, "acme/hello", "b");
  for (const auto* head : {"a", "b"})
    REQUIRE(world
              .send(world.to_github(
                "POST", "/repos/acme/hello/pulls",
                {{"title", head}, {"head", head}, {"base", "main"}}))
              .status == 201);
  const auto count = [&](const std::string& query) {
    return parsed(world.send(world.to_github(
                    "GET", "/api/v3/repos/acme/hello/pulls" + query)))
      .size();
  };
  CHECK(count("") == 2);
  CHECK(count("?head=acme:a") == 1);
  CHECK(count("?head=acme%3Aa&state=all") == 1);
  CHECK(count("?head=a") == 2);
  CHECK(count("?head=someone:a") == 0);
  CHECK(count("?base=other") == 0);
  CHECK(count("?state=closed") == 0);
  CHECK(count("?per_page=1&page=2") == 1);
}

TEST_CASE("GitHub's manners are insisted on") {
  mock_world world;
  const auto status = [&](http_request r) {
    return world.send(std::move(r)).status;
  };
  auto request = world.to_github("GET", "/user");
  CHECK(status(request) == 200);
  request.headers[0].value = "token " + world.doubles.token();
  CHECK(status(request) == 200);
  request.headers[0].value = "Bearer wrong";
  CHECK(status(request) == 401);
  request.headers.clear();
  CHECK(status(request) == 401);
  request = world.to_github("GET", "/user");
  request.headers.push_back({"x-github-api-version", "1999-01-01"});
  CHECK(status(request) == 400);
  request.headers.back().value = "2022-11-28";
  CHECK(status(request) == 200);
  CHECK(status(world.to_github("GET", "/repos/acme/nothing")) == 404);
  CHECK(status(world.to_github("GET", "/repos/../etc")) == 404);
}

TEST_CASE("the hourly limit is kept and told") {
  mock_options o;
  o.github_limit = 2;
  mock_world world{o};
  const auto first = world.send(world.to_github("GET", "/user"));
  CHECK(find_header(first.headers, "x-ratelimit-remaining") == "1");
  CHECK(world.send(world.to_github("GET", "/user")).status == 200);
  const auto last = world.send(world.to_github("GET", "/user"));
  CHECK(last.status == 403);
  CHECK(find_header(last.headers, "x-ratelimit-remaining") == "0");
  CHECK_FALSE(find_header(last.headers, "x-ratelimit-reset").empty());
}

TEST_CASE("a repository that moved redirects, with the method kept") {
  mock_options o;
  o.fixtures = "renamed: {acme/old: acme/hello}";
  mock_world world{o};
  const auto got = world.send(world.to_github("GET", "/repos/acme/old"));
  CHECK(got.status == 301);
  CHECK(find_header(got.headers, "location") ==
        world.doubles.urls().github + "/repos/acme/hello");
  CHECK(
    world.send(world.to_github("POST", "/repos/acme/old/pulls", json::object()))
      .status == 307);
}

TEST_CASE("a pull request can be edited, assigned, reviewed and merged") {
  mock_world world;
  push_branch(world, "acme/hello", "x");
  const std::string base = "/repos/acme/hello/";
  const auto send = [&](const char* method, const std::string& path,
                        const json& body) {
    return world.send(world.to_github(method, base + path, body));
  };
  REQUIRE(
    send("POST", "pulls", {{"title", "t"}, {"head", "x"}, {"base", "main"}})
      .status == 201);
  CHECK(send("PATCH", "pulls/1", {{"title", "new"}}).status == 200);
  CHECK(send("POST", "issues/1/assignees", {{"assignees", {"ada"}}}).status ==
        201);
  CHECK(send("POST", "pulls/1/requested_reviewers", {{"reviewers", {"bob"}}})
          .status == 201);
  CHECK(
    send("POST", "pulls/1/requested_reviewers", {{"reviewers", {"pj-mock"}}})
      .status == 422);
  CHECK(send("POST", "pulls/7/requested_reviewers", json::object()).status ==
        404);
  const auto folder = world.doubles.repository_path("acme/hello");
  const auto head = git_in(folder, {"rev-parse", "x"});
  CHECK(send("PUT", "pulls/1/merge", {{"merge_method", "blend"}}).status ==
        422);
  CHECK(send("PUT", "pulls/1/merge", {{"sha", std::string(40, 'a')}}).status ==
        409);
  const auto merged = send("PUT", "pulls/1/merge", {{"sha", head}});
  CHECK(merged.status == 200);
  CHECK(send("PUT", "pulls/1/merge", {{"sha", head}}).status == 405);
  const auto p = world.doubles.pulls().at(0);
  CHECK(p.title == "new");
  CHECK(p.assignees == std::vector<std::string>{"ada"});
  CHECK(p.reviewers == std::vector<std::string>{"bob"});
  CHECK(p.merged);
  CHECK(git_in(folder, {"rev-parse", "main^2"}) == head);
}

TEST_CASE("whether a pull request can be merged is worked out when asked for") {
  mock_world world;
  push_branch(world, "acme/hello", "x");
  const std::string base = "/repos/acme/hello/";
  const auto send = [&](const char* method, const std::string& path,
                        const json& body = {}) {
    return world.send(world.to_github(method, base + path, body));
  };
  const auto state = [&] { return parsed(send("GET", "pulls/1")); };
  const auto settled = [&] {
    auto j = state();
    for (int i = 0; i < 1'000 && j["mergeable"].is_null(); ++i)
      j = state();
    return j;
  };
  REQUIRE(
    send("POST", "pulls",
         {{"title", "t"}, {"head", "x"}, {"base", "main"}, {"draft", true}})
      .status == 201);
  CHECK(state()["mergeable"].is_null());
  CHECK(settled()["mergeable"] == true);
  CHECK(state()["mergeable_state"] == "draft");
  CHECK_FALSE(parsed(send("GET", "pulls"))[0].contains("mergeable"));
  CHECK(send("PUT", "pulls/1/merge", json::object()).status == 405);
}

TEST_CASE("a branch is looked at and deleted, and its pull request closed") {
  mock_world world;
  push_branch(world, "acme/hello", "a/x");
  const std::string base = "/repos/acme/hello/";
  const auto send = [&](const char* method, const std::string& path,
                        const json& body = {}) {
    return world.send(world.to_github(method, base + path, body));
  };
  const auto folder = world.doubles.repository_path("acme/hello");
  REQUIRE(
    send("POST", "pulls", {{"title", "t"}, {"head", "a/x"}, {"base", "main"}})
      .status == 201);
  CHECK(parsed(send("GET", "git/ref/heads%2Fa%2Fx"))["object"]["sha"] ==
        git_in(folder, {"rev-parse", "a/x"}));
  CHECK(send("GET", "git/ref/heads/nowhere").status == 404);
  CHECK(send("DELETE", "git/refs/heads/main").status == 422);
  CHECK(send("DELETE", "git/refs/heads%2Fa%2Fx").status == 204);
  CHECK(send("DELETE", "git/refs/heads/a/x").status == 422);
  CHECK_FALSE(world.doubles.pulls().at(0).open);
}

TEST_CASE("a fork takes a cross-repository pull request") {
  mock_world world;
  const auto made = world.send(
    world.to_github("POST", "/repos/acme/hello/forks", json::object()));
  REQUIRE(made.status == 202);
  REQUIRE(parsed(made)["full_name"] == "pj-mock/hello");
  push_branch(world, "pj-mock/hello", "x");
  const auto seen = world.send(
    world.to_github("POST", "/repos/acme/hello/pulls",
                    {{"title", "t"}, {"head", "pj-mock:x"}, {"base", "main"}}));
  REQUIRE(seen.status == 201);
  REQUIRE(parsed(seen)["head"]["label"] == "pj-mock:x");
}
