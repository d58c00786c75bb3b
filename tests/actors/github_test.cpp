// What the github service promises by itself, with GitHub's answers as a
// script.
#include "actors/github.hpp"

#include "tests/actors/fakes.hpp"
#include "tests/actors/fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

namespace {

using namespace pj;
using namespace std::chrono_literals;
using nlohmann::json;

const std::string one =
  R"({"number": 7, "html_url": "https://example.com/7", "state": "open"})";

/// Tokens that can be made to come late or to change.
struct scripted_tokens final : token_source {
  std::string text = "planted-token";
  std::optional<failure> broken;

  void get(std::function<void(result<std::string>)> then) override {
    if (broken)
      return then(*broken);
    then(text);
  }
};

struct fixture : test::actors {
  std::shared_ptr<test::scripted_http> http =
    std::make_shared<test::scripted_http>();
  std::shared_ptr<scripted_tokens> tokens = std::make_shared<scripted_tokens>();
  std::vector<http_response> answers; ///< in order
  github_actor service;

  fixture() {
    http->answer = [this](const http_request&) -> result<http_response> {
      if (answers.empty())
        return test::transient("connection reset");
      auto next = answers.front();
      answers.erase(answers.begin());
      return next;
    };
    start(github_pace::none());
  }

  ~fixture() { stop(service); }

  void start(github_pace pace) {
    if (service)
      stop(service);
    service = sys.spawn(
      github_service, http,
      github_config{tokens, "GITHUB_TOKEN", [] { return 1'000; }, pace});
  }

  static open_pull_request wish(const std::string& task) {
    open_pull_request x;
    x.task = task;
    x.what.api = "https://api.example.com";
    x.what.owner = "acme";
    x.what.name = "shop";
    x.what.head = "pj/" + task;
    x.what.base = "main";
    return x;
  }

  auto open(const open_pull_request& what) {
    auto r = self->request(service, caf::infinite, what);
    run();
    return r;
  }

  auto open(const std::string& task) { return open(wish(task)); }

  auto fork(const std::string& organization = {}) {
    const prepare_fork what{"t",
                            {"https://api.example.com", "acme", "shop",
                             organization, "main", std::string(40, 'a')}};
    auto r = self->request(service, caf::infinite, what);
    run();
    return r;
  }

  pulls_forecast forecast(std::size_t more = 0, std::size_t each = 1) {
    auto r = self->request(service, caf::infinite, forecast_pulls{more, each});
    run();
    return *test::take<pulls_forecast>(r).value;
  }

  /// "METHOD path" of every request.
  std::vector<std::string> asked() const {
    std::vector<std::string> out;
    const std::string origin = "https://api.example.com";
    for (const auto& r : http->requests)
      out.push_back(r.method + " " + r.url.substr(origin.size()));
    return out;
  }

  std::size_t posts() const {
    return static_cast<std::size_t>(
      std::count_if(http->requests.begin(), http->requests.end(),
                    [](const auto& r) { return r.method == "POST"; }));
  }

  /// Every pull request is new and every wish is granted.
  void grant() {
    http->answer = [](const http_request& r) -> result<http_response> {
      if (r.method == "GET")
        return http_response{200, {}, "[]"};
      return http_response{201, {}, one};
    };
  }
};

open_pull_request dressed(open_pull_request x) {
  x.what.more = {{"bug", "ui"}, {"ada"}, {"bob"}, {"core"}};
  return x;
}

using lines = std::vector<std::string>;

} // namespace

TEST_CASE_METHOD(fixture, "a renamed repository is followed") {
  answers = {
    {301, {{"Location", "https://api.example.com/repositories/1/pulls"}}, {}},
    {200, {}, "[" + one + "]"}};
  auto r = open("a");
  CHECK(test::take<opened_pull_request>(r).value->adopted);
  CHECK(http->requests[1].url ==
        "https://api.example.com/repositories/1/pulls");
}

TEST_CASE_METHOD(fixture, "the token goes to no other host") {
  answers = {{302, {{"Location", "https://evil.example.com/x"}}, {}}};
  auto r = open("a");
  CHECK(test::take<opened_pull_request>(r).error);
  CHECK(http->requests.size() == 1);
}

TEST_CASE_METHOD(fixture, "the secondary limit asks for a minute") {
  answers = {
    {200, {}, "[]"},
    {403, {}, R"({"message": "You exceeded a secondary rate limit"})"}};
  auto r = open("a");
  const auto got = test::take<opened_pull_request>(r);
  REQUIRE(got.error);
  CHECK(got.error->kind == failure_class::retry);
  CHECK(got.error->retry_after == 60s);
}

TEST_CASE_METHOD(fixture, "a limit without a time asks for more each time") {
  const http_response none{200, {}, "[]"};
  const http_response limit{429, {}, "{}"};
  answers = {none, limit, none, limit, none, {201, {}, one}, none, limit};
  const auto next = [this](const char* task) {
    auto r = open(task);
    pass(20min, 10s);
    return test::take<opened_pull_request>(r).error.value_or(failure{});
  };
  CHECK(next("a").retry_after == 60s);
  CHECK(next("b").retry_after == 120s);
  CHECK(next("c").retry_after == 0s);
  CHECK(next("d").retry_after == 60s);
}

TEST_CASE_METHOD(fixture, "a limit that many meet at once counts once") {
  http->answer = [](const http_request&) {
    return http_response{429, {}, "{}"};
  };
  http->held = true;
  std::vector<decltype(open("a"))> all;
  for (const char* task : {"a", "b", "c"})
    all.push_back(open(task));
  http->release();
  run();
  for (auto& one : all)
    CHECK(test::take<opened_pull_request>(one).error->retry_after == 60s);
  http->held = false;
  pass(61s);
  auto next = open("d");
  CHECK(test::take<opened_pull_request>(next).error->retry_after == 120s);
}

TEST_CASE_METHOD(fixture, "a limit holds every task's writes back") {
  answers = {{200, {}, "[]"},
             {429, {{"Retry-After", "30"}}, "{}"},
             {200, {}, "[]"},
             {201, {}, one}};
  auto a = open("a");
  CHECK(test::take<opened_pull_request>(a).error->retry_after == 30s);
  auto b = open("b");
  pass(29s);
  CHECK(posts() == 1);
  pass(2s);
  CHECK(posts() == 2);
  CHECK(test::take<opened_pull_request>(b));
}

TEST_CASE_METHOD(fixture, "the primary limit ends at its reset") {
  answers = {{403,
              {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1090"}},
              R"({"message": "API rate limit exceeded"})"}};
  auto r = open("a");
  CHECK(test::take<opened_pull_request>(r).error->retry_after == 91s);
}

TEST_CASE_METHOD(fixture, "404 and 403 name the missing right") {
  answers = {{404, {}, R"({"message": "Not Found"})"}};
  auto a = open("a");
  CHECK(test::take<opened_pull_request>(a).error->what.find("may see") !=
        std::string::npos);
  answers = {{403,
              {{"x-accepted-github-permissions", "pull_requests=write"}},
              R"({"message": "Resource not accessible"})"}};
  auto b = open("b");
  const auto got = test::take<opened_pull_request>(b);
  CHECK(got.error->kind == failure_class::fail);
  CHECK(got.error->what.find("pull_requests=write") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "404 behind a look-up that worked is a right") {
  answers = {
    {200, {}, "[]"},
    {404, {{"x-oauth-scopes", "public_repo"}}, R"({"message": "Not Found"})"}};
  auto r = open("a");
  CHECK(test::take<opened_pull_request>(r).error->what ==
        "GITHUB_TOKEN may read acme/shop but not open a pull request in it "
        "(404): it needs the scope repo; it has public_repo: Not Found");
}

TEST_CASE_METHOD(fixture, "422 'already exists' adopts the open one") {
  answers = {{200, {}, "[]"},
             {422,
              {},
              R"({"message":"Validation Failed","errors":[{"message":)"
              R"("A pull request already exists for acme:pj/a."}]})"},
             {200, {}, "[" + one + "]"}};
  auto r = open("a");
  CHECK(test::take<opened_pull_request>(r).value->adopted);
}

TEST_CASE_METHOD(fixture, "writes keep GitHub's pace") {
  start(github_pace{});
  grant();
  auto a = open("a");
  auto b = open("b");
  auto c = open("c");
  CHECK(posts() == 1);
  pass(1s);
  CHECK(posts() == 2);
  pass(1s);
  CHECK(posts() == 3);
  CHECK(test::take<opened_pull_request>(a));
  CHECK(test::take<opened_pull_request>(b));
  CHECK(test::take<opened_pull_request>(c));
}

TEST_CASE_METHOD(fixture, "only so many are asked about at a time") {
  grant();
  http->held = true;
  std::vector<decltype(open("a"))> all;
  for (int i = 0; i < 120; ++i)
    all.push_back(open("t" + std::to_string(i)));
  CHECK(http->requests.size() == 50);
  self->send(service, abandon{"t60"}); // waits for its turn
  run();
  while (!http->waiting.empty()) {
    CHECK(http->waiting.size() <= 100); // writes have a pace of their own
    http->release();
    run();
  }
  CHECK(posts() == 119);
}

TEST_CASE_METHOD(fixture, "a write waits for the answer to the one before") {
  start(github_pace{});
  grant();
  auto a = open("a");
  CHECK(test::take<opened_pull_request>(a));
  auto b = open("b"); // both looked up, both wait for the pace
  auto c = open("c");
  http->held = true;
  pass(10s);
  CHECK(posts() == 2);
  http->held = false;
  http->release();
  run();
  CHECK(posts() == 3);
  CHECK(test::take<opened_pull_request>(b));
  CHECK(test::take<opened_pull_request>(c));
}

TEST_CASE_METHOD(fixture, "who is dropped in the middle of a write lets the "
                          "next one write") {
  start(github_pace{});
  grant();
  auto a = open("a");
  CHECK(test::take<opened_pull_request>(a));
  open("b");
  auto c = open("c");
  http->held = true;
  pass(2s);
  self->send(service, abandon{"b"});
  run();
  http->held = false;
  http->release();
  pass(2s);
  CHECK(test::take<opened_pull_request>(c));
}

TEST_CASE_METHOD(fixture, "600 pull requests stay within 80/min and 500/h") {
  start(github_pace{});
  std::vector<steady_time> times;
  http->answer = [&](const http_request& r) -> result<http_response> {
    if (r.method == "GET")
      return http_response{200, {}, "[]"};
    times.push_back(sched.clock().now());
    return http_response{201, {}, one};
  };
  for (int i = 0; i < 600; ++i)
    self->send(service, wish("t" + std::to_string(i)));
  run();
  CHECK(forecast().left == 599);
  pass(70min, 1s);
  REQUIRE(times.size() == 600);
  const auto most_within = [&](std::chrono::milliseconds span) {
    std::size_t most = 0;
    for (std::size_t first = 0, last = 0; last < times.size(); ++last) {
      while (times[last] - times[first] >= span)
        ++first;
      most = std::max(most, last - first + 1);
    }
    return most;
  };
  CHECK(most_within(1min) <= 80);
  CHECK(most_within(1h) <= 500);
  CHECK(most_within(1s) == 1);
}

TEST_CASE_METHOD(fixture, "the forecast counts what waits and what will come") {
  start(github_pace{});
  grant();
  CHECK(forecast().line == "0 PRs left, about 0 s");
  auto a = open("a");
  auto b = open(dressed(wish("b")));
  // b: one to make it, four kinds of extras
  CHECK(forecast().left == 1);
  CHECK(forecast().time == 5s);
  CHECK(forecast(9).left == 10);
  CHECK(forecast(9).time == 14s);
  CHECK(forecast(9, 2).time == 23s);
  CHECK(forecast(599).line == "600 PRs left, about 62 min");
  pass(6s);
  CHECK(forecast().left == 0);
  CHECK(test::take<opened_pull_request>(a));
  CHECK(test::take<opened_pull_request>(b));
}

TEST_CASE_METHOD(fixture, "labels, assignees and reviewers are set") {
  answers = {{200, {}, "[]"},
             {201, {}, one},
             {200, {}, R"([{"name": "bug"}, {"name": "ui"}])"},
             {201, {}, R"({"assignees": [{"login": "Ada"}]})"},
             {201, {}, one},
             {201, {}, one}};
  auto r = open(dressed(wish("a")));
  const auto got = test::take<opened_pull_request>(r);
  REQUIRE(got);
  CHECK(got.value->warnings.empty());
  CHECK_FALSE(got.value->adopted);
  CHECK(asked() == lines{"GET /repos/acme/shop/pulls?state=open&head="
                         "acme%3Apj%2Fa",
                         "POST /repos/acme/shop/pulls",
                         "POST /repos/acme/shop/issues/7/labels",
                         "POST /repos/acme/shop/issues/7/assignees",
                         "POST /repos/acme/shop/pulls/7/requested_reviewers",
                         "POST /repos/acme/shop/pulls/7/requested_reviewers"});
  CHECK(json::parse(*http->requests[2].body) ==
        json{{"labels", {"bug", "ui"}}});
  CHECK(json::parse(*http->requests[5].body) ==
        json{{"team_reviewers", {"core"}}});
}

TEST_CASE_METHOD(fixture, "what a pull request does not get is a warning") {
  answers = {
    {200, {}, "[]"},
    {201, {}, one},
    {403, {}, R"({"message": "Resource not accessible, planted-token"})"},
    {201, {}, R"({"assignees": []})"},
    {422, {}, R"({"message": "Review cannot be requested from author."})"},
    {201, {}, one}};
  auto r = open(dressed(wish("a")));
  const auto got = test::take<opened_pull_request>(r);
  REQUIRE(got);
  CHECK(got.value->number == 7);
  const auto& w = got.value->warnings;
  REQUIRE(w.size() == 3);
  CHECK(w[0] ==
        "the pull request is open but did not get its labels bug, ui: "
        "GITHUB_TOKEN may not set labels bug, ui in acme/shop (403); it needs "
        "issues=write or pull_requests=write (a classic token: the scope "
        "repo): Resource not accessible, ***");
  CHECK(w[1].starts_with("GitHub did not assign ada: "));
  CHECK(w[2].find("Review cannot be requested") != std::string::npos);
  CHECK(posts() == 5);
}

TEST_CASE_METHOD(fixture, "a label is tried three times, then let go") {
  int labels = 0;
  http->answer = [&](const http_request& r) -> result<http_response> {
    if (r.method == "GET")
      return http_response{200, {}, "[]"};
    if (!r.url.ends_with("/labels"))
      return http_response{201, {}, one};
    ++labels;
    return http_response{503, {}, "{}"};
  };
  auto what = wish("a");
  what.what.more.labels = {"bug"};
  auto r = open(what);
  pass(10s);
  const auto got = test::take<opened_pull_request>(r);
  REQUIRE(got);
  CHECK(labels == 3);
  CHECK(got.value->warnings.size() == 1);
}

TEST_CASE_METHOD(fixture, "a label that GitHub holds up does not hold up "
                          "the task") {
  http->answer = [](const http_request& r) -> result<http_response> {
    if (r.method == "GET")
      return http_response{200, {}, "[]"};
    if (r.url.ends_with("/labels"))
      return http_response{429, {{"Retry-After", "3600"}}, "{}"};
    return http_response{201, {}, one};
  };
  auto what = dressed(wish("a"));
  what.dressed_by = sched.clock().now() + 60s;
  auto r = open(what);
  pass(61s);
  const auto got = test::take<opened_pull_request>(r);
  REQUIRE(got);
  CHECK(got.value->number == 7);
  CHECK(got.value->warnings.size() == 4);
}

TEST_CASE_METHOD(fixture, "an adopted pull request gets what it lacks") {
  answers = {
    {200,
     {},
     R"([{"number": 7, "html_url": "https://example.com/7", "state": "open",
        "labels": [{"name": "BUG"}], "assignees": [{"login": "ada"}],
        "requested_reviewers": [{"login": "bob"}],
        "requested_teams": [{"slug": "core"}]}])"},
    {200, {}, "[]"}};
  auto r = open(dressed(wish("a")));
  CHECK(test::take<opened_pull_request>(r).value->warnings.empty());
  REQUIRE(asked().size() == 2);
  CHECK(json::parse(*http->requests[1].body) == json{{"labels", {"ui"}}});
}

TEST_CASE_METHOD(fixture, "a closed pull request is left as it is") {
  answers = {{200,
              {},
              R"([{"number": 7, "html_url": "https://example.com/7",
                 "state": "closed"}])"}};
  auto r = open(dressed(wish("a")));
  CHECK(test::take<opened_pull_request>(r).value->adopted);
  CHECK(posts() == 0);
}

TEST_CASE_METHOD(fixture, "a draft says so") {
  grant();
  auto what = wish("a");
  what.what.draft = true;
  auto r = open(what);
  CHECK(test::take<opened_pull_request>(r));
  CHECK(json::parse(*http->requests[1].body)["draft"] == true);
}

TEST_CASE_METHOD(fixture, "every request goes out with the token of its time") {
  start(github_pace{});
  grant();
  auto a = open("a");
  auto b = open("b"); // waits for the pacer
  tokens->text = "renewed-token";
  pass(2s);
  const auto token = [this](std::size_t i) {
    return std::string(
      find_header(http->requests.at(i).headers, "authorization"));
  };
  CHECK(token(1) == "Bearer planted-token");
  CHECK(token(2) == "Bearer planted-token");
  CHECK(token(3) == "Bearer renewed-token");
  CHECK(test::take<opened_pull_request>(a));
  CHECK(test::take<opened_pull_request>(b));
}

TEST_CASE_METHOD(fixture, "without a token nothing is asked") {
  tokens->broken = test::permanent("GitHub knows no installation 1 of app 2");
  auto r = open("a");
  CHECK(test::take<opened_pull_request>(r).error->what ==
        "GitHub knows no installation 1 of app 2");
  CHECK(http->requests.empty());
}

TEST_CASE_METHOD(fixture, "an abandoned pull request is asked for no more") {
  start(github_pace{});
  grant();
  auto a = open("a");
  auto b = open("b");
  self->send(service, abandon{"b"});
  run();
  CHECK(test::take<opened_pull_request>(b).error->kind ==
        failure_class::cancelled);
  pass(5s);
  CHECK(posts() == 1);
  CHECK(test::take<opened_pull_request>(a));
}

TEST_CASE_METHOD(fixture, "a fork is made, waited for and brought up to date") {
  answers = {{202, {}, R"({"full_name": "me/shop-1", "fork": true})"},
             {404, {}, "{}"},
             {409, {}, R"({"message": "Git Repository is empty."})"},
             {200, {}, "[]"},
             {200, {}, R"({"commit": {"sha": "older"}})"},
             {200, {}, R"({"merge_type": "fast-forward"})"}};
  auto r = fork();
  CHECK(asked().size() == 2);
  pass(1s);
  CHECK(asked().size() == 3);
  pass(2s);
  const auto got = test::take<prepared_fork>(r);
  REQUIRE(got);
  CHECK(got.value->made.owner == "me");
  CHECK(got.value->made.name == "shop-1");
  CHECK(asked() == lines{"POST /repos/acme/shop/forks",
                         "GET /repos/me/shop-1/commits?per_page=1",
                         "GET /repos/me/shop-1/commits?per_page=1",
                         "GET /repos/me/shop-1/commits?per_page=1",
                         "GET /repos/me/shop-1/branches/main",
                         "POST /repos/me/shop-1/merge-upstream"});
}

TEST_CASE_METHOD(fixture, "an organization's fork is found, not made") {
  answers = {
    {200,
     {},
     R"({"full_name": "org/shop", "fork": true,
                 "parent": {"full_name": "Acme/shop"}})"},
    {200, {}, "[]"},
    {200, {}, R"({"commit": {"sha": ")" + std::string(40, 'a') + R"("}})"}};
  auto r = fork("org");
  CHECK(test::take<prepared_fork>(r).value->made.owner == "org");
  CHECK(posts() == 0);
}

TEST_CASE_METHOD(fixture, "a repository of the fork's name is no fork") {
  answers = {{200, {}, R"({"full_name": "org/shop", "fork": false})"},
             {403, {}, R"({"message": "Forking is disabled"})"}};
  auto r = fork("org");
  const auto got = test::take<prepared_fork>(r);
  REQUIRE(got.error);
  CHECK(got.error->what.starts_with("GITHUB_TOKEN may not fork acme/shop"));
  CHECK(json::parse(*http->requests[1].body)["organization"] == "org");
}

TEST_CASE_METHOD(fixture, "one's own repository is not forked") {
  answers = {{202, {}, R"({"full_name": "acme/shop"})"}};
  auto r = fork();
  CHECK(test::take<prepared_fork>(r).error->kind == failure_class::fail);
  auto b = fork("Acme");
  CHECK(test::take<prepared_fork>(b).error->kind == failure_class::fail);
  CHECK(asked().size() == 1);
}

TEST_CASE_METHOD(fixture, "a fork that does not come is given up") {
  http->answer = [](const http_request& r) -> result<http_response> {
    if (r.method == "POST")
      return http_response{202, {}, R"({"full_name": "me/shop"})"};
    return http_response{404, {}, "{}"};
  };
  auto r = fork();
  pass(6min, 1s);
  const auto got = test::take<prepared_fork>(r);
  REQUIRE(got.error);
  CHECK(got.error->kind == failure_class::retry);
}
