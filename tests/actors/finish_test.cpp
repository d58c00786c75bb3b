// Pull requests looked at, merged and closed, with GitHub's answers as a
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
using end_of = finished_pull::end;

const std::string pushed(40, 'c');
const std::string another(40, 'd');

json pull(const json& change = json::object()) {
  json out = {{"number", 7},
              {"html_url", "https://example.com/7"},
              {"title", "T"},
              {"state", "open"},
              {"draft", false},
              {"merged", false},
              {"mergeable", true},
              {"mergeable_state", "clean"},
              {"head",
               {{"ref", "pj/t"},
                {"sha", pushed},
                {"repo", {{"full_name", "jane/shop"}}}}},
              {"base", {{"ref", "main"}}}};
  out.update(change);
  return out;
}

http_response ok(const json& body, int status = 200) {
  return {status, {}, body.dump()};
}

http_response no(int status, const std::string& message) {
  return ok({{"message", message}}, status);
}

json branch_at(const std::string& commit) {
  return {{"object", {{"sha", commit}}}};
}

const json merged = {{"merged", true}, {"sha", another}};
const json closed = {{"state", "closed"}};

struct fixture : test::actors {
  std::shared_ptr<test::scripted_http> http =
    std::make_shared<test::scripted_http>();
  std::deque<result<http_response>> answers; ///< in order
  github_actor service;

  fixture() {
    http->answer = [this](const http_request&) -> result<http_response> {
      if (answers.empty())
        return test::transient("connection reset");
      auto next = answers.front();
      answers.pop_front();
      return next;
    };
    start(github_pace::none());
  }

  ~fixture() { stop(service); }

  void start(github_pace pace) {
    if (service)
      stop(service);
    service =
      sys.spawn(github_service, http,
                github_config{std::make_shared<fixed_token>("tok"),
                              "GITHUB_TOKEN", [] { return 1'000; }, pace});
  }

  static github::pull_place place(std::int64_t number = 7) {
    return {"https://api.example.com", "acme", "shop", number, "jane", "pj/t"};
  }

  static finish_pull wish(pull_end how = pull_end::merged) {
    finish_pull out;
    out.task = "t";
    out.where = place();
    out.how = how;
    out.commit = pushed;
    return out;
  }

  auto ask(const finish_pull& what) {
    auto r = self->request(service, caf::infinite, what);
    run();
    return r;
  }

  finished_pull finish(const finish_pull& what) {
    auto r = ask(what);
    pass(1min, 1s);
    return *test::take<finished_pull>(r).value;
  }

  failure refused(const finish_pull& what) {
    auto r = ask(what);
    pass(1min, 1s);
    return *test::take<finished_pull>(r).error;
  }

  /// "METHOD path" of every request.
  std::vector<std::string> asked() const {
    std::vector<std::string> out;
    const std::string origin = "https://api.example.com/repos";
    for (const auto& r : http->requests)
      out.push_back(r.method + " " + r.url.substr(origin.size()));
    return out;
  }

  std::size_t writes() const {
    return static_cast<std::size_t>(
      std::count_if(http->requests.begin(), http->requests.end(),
                    [](const auto& r) { return r.method != "GET"; }));
  }
};

using requests = std::vector<std::string>;

} // namespace

TEST_CASE_METHOD(fixture,
                 "finish: a mergeable one is merged as it was pushed") {
  answers = {ok(pull()), ok(merged)};
  auto what = wish();
  what.method = github::merge_method::rebase;
  const auto x = finish(what);
  CHECK(x.how == end_of::done);
  CHECK(x.now.at == github::pull_standing::merged);
  CHECK(asked() ==
        requests{"GET /acme/shop/pulls/7", "PUT /acme/shop/pulls/7/merge"});
  const json wanted = {{"merge_method", "rebase"}, {"sha", pushed}};
  CHECK(json::parse(*http->requests[1].body) == wanted);
}

TEST_CASE_METHOD(fixture, "finish: what cannot be merged is left alone") {
  for (const auto& change :
       {json{{"draft", true}}, json{{"mergeable_state", "blocked"}},
        json{{"mergeable_state", "unstable"}},
        json{{"mergeable", false}, {"mergeable_state", "dirty"}}, closed,
        json{{"head", {{"ref", "pj/t"}, {"sha", another}}}}}) {
    INFO(change.dump());
    answers = {ok(pull(change))};
    const auto x = finish(wish());
    CHECK(x.how == end_of::left);
    CHECK_FALSE(x.why.empty());
  }
  CHECK(writes() == 0);
}

TEST_CASE_METHOD(fixture, "finish: what is merged already is not done again") {
  answers = {ok(pull({{"state", "closed"}, {"merged", true}}))};
  CHECK(finish(wish()).how == end_of::already);
  CHECK(writes() == 0);
}

TEST_CASE_METHOD(fixture,
                 "finish: GitHub is asked again while it works it out") {
  const auto unknown =
    ok(pull({{"mergeable", nullptr}, {"mergeable_state", "unknown"}}));
  SECTION("and merges in the end") {
    answers = {unknown, unknown, ok(pull()), ok(merged)};
    CHECK(finish(wish()).how == end_of::done);
  }
  SECTION("but not for ever") {
    answers.assign(10, unknown);
    CHECK(finish(wish()).how == end_of::left);
    CHECK(http->requests.size() == 5);
  }
}

TEST_CASE_METHOD(fixture, "finish: GitHub's refusals are told") {
  SECTION("somebody pushed just now") {
    answers = {ok(pull()), no(409, "Head branch was modified."),
               ok(pull({{"head", {{"ref", "pj/t"}, {"sha", another}}}}))};
    CHECK(finish(wish()).why.find("pushed") != std::string::npos);
  }
  SECTION("a rule holds it back") {
    answers = {ok(pull()), no(405, "2 of 2 required status checks"),
               ok(pull())};
    CHECK(finish(wish()).why.find("2 of 2 required") != std::string::npos);
  }
  SECTION("the token may not") {
    answers = {ok(pull()), no(403, "Resource not accessible")};
    const auto why = refused(wish());
    CHECK(why.kind == failure_class::fail);
    CHECK(why.what.find("may not merge") != std::string::npos);
  }
  SECTION("a limit: later, for everybody") {
    answers = {ok(pull()), no(403, "You have exceeded a secondary rate limit")};
    const auto why = refused(wish());
    CHECK(why.kind == failure_class::retry);
    CHECK(why.retry_after == 60s);
  }
  CHECK(writes() == 1);
}

TEST_CASE_METHOD(fixture, "finish: a merge that was heard twice is done") {
  answers = {ok(pull()), no(405, "Pull Request is not mergeable"),
             ok(pull({{"state", "closed"}, {"merged", true}}))};
  CHECK(finish(wish()).how == end_of::done);
}

TEST_CASE_METHOD(fixture, "finish: a merge that was faster is waited for") {
  answers = {ok(pull()), no(405, "Base branch was modified. Review and try."),
             ok(pull()), ok(merged)};
  CHECK(finish(wish()).how == end_of::done);
  CHECK(writes() == 2);
}

TEST_CASE_METHOD(fixture, "finish: a lost answer is looked for, not repeated") {
  const auto lost = test::transient("connection reset");
  SECTION("of a merge") {
    answers = {ok(pull()), lost,
               ok(pull({{"state", "closed"}, {"merged", true}}))};
    CHECK(finish(wish()).how == end_of::done);
    CHECK(writes() == 1);
  }
  SECTION("of a close, whose comment follows") {
    auto what = wish(pull_end::closed);
    what.comment = "No longer needed.";
    answers = {ok(pull()), lost, ok(pull(closed)), ok(json::object(), 201)};
    CHECK(finish(what).how == end_of::done);
    CHECK(asked().back() == "POST /acme/shop/issues/7/comments");
    CHECK(writes() == 2);
  }
}

TEST_CASE_METHOD(fixture, "finish: one is closed with a word, once") {
  auto what = wish(pull_end::closed);
  what.comment = "No longer needed.";
  answers = {ok(pull()), ok(pull(closed)), ok(json::object(), 201)};
  CHECK(finish(what).how == end_of::done);
  CHECK(asked() == requests{"GET /acme/shop/pulls/7",
                            "PATCH /acme/shop/pulls/7",
                            "POST /acme/shop/issues/7/comments"});
  answers = {ok(pull(closed)),
             ok(pull({{"state", "closed"}, {"merged", true}}))};
  CHECK(finish(what).how == end_of::already);
  CHECK(finish(what).how == end_of::already);
  CHECK(writes() == 2);
}

TEST_CASE_METHOD(fixture, "finish: the branch goes unless somebody pushed") {
  auto what = wish();
  what.delete_branch = true;
  answers = {ok(pull()), ok(merged)};
  SECTION("as it was pushed") {
    answers.emplace_back(ok(branch_at(pushed)));
    SECTION("deleted") {
      answers.emplace_back(http_response{204, {}, {}});
    }
    SECTION("by GitHub itself, just before") {
      answers.emplace_back(no(422, "Reference does not exist"));
    }
    CHECK(finish(what).warnings.empty());
    CHECK(asked().back() == "DELETE /jane/shop/git/refs/heads%2Fpj%2Ft");
  }
  SECTION("it is gone") {
    answers.emplace_back(no(404, "Not Found"));
    CHECK(finish(what).warnings.empty());
    CHECK(writes() == 1);
  }
  SECTION("somebody pushed") {
    answers.emplace_back(ok(branch_at(another)));
    CHECK(finish(what).warnings.size() == 1);
    CHECK(writes() == 1);
  }
  SECTION("it is protected") {
    answers.emplace_back(ok(branch_at(pushed)));
    answers.emplace_back(no(422, "Cannot delete this protected branch"));
    const auto x = finish(what);
    CHECK(x.how == end_of::done);
    CHECK(x.warnings.size() == 1);
  }
}

TEST_CASE_METHOD(fixture, "finish: what waits for the pace can be stopped") {
  start(github_pace{});
  answers = {ok(pull()), ok(merged), ok(pull())};
  auto first = ask(wish());
  auto second = ask(wish()); // its write waits for a second
  self->send(service, abandon{"t"});
  run();
  CHECK(test::take<finished_pull>(second).error->kind ==
        failure_class::cancelled);
  pass(5s, 1s);
  CHECK(writes() == 1);
  CHECK(test::take<finished_pull>(first).value->how == end_of::done);
}

TEST_CASE_METHOD(fixture, "finish: a write that is out is waited for") {
  auto what = wish();
  what.delete_branch = true;
  answers = {ok(pull()), ok(merged), ok(branch_at(pushed))};
  http->held = true;
  auto r = ask(what);
  http->release(); // the look
  run();
  self->send(service, abandon{"t"});
  run();
  http->held = false;
  http->release(); // the merge
  run();
  const auto x = *test::take<finished_pull>(r).value;
  CHECK(x.how == end_of::done);
  CHECK(x.warnings.size() == 1); // the branch stays
  CHECK(writes() == 1);
}

TEST_CASE_METHOD(fixture,
                 "finish: what was merged is told, wherever it stops") {
  auto what = wish();
  what.delete_branch = true;
  answers = {ok(pull()), ok(merged)};
  http->held = true;
  auto r = ask(what);
  for (int i = 0; i < 2; ++i) { // the look, the merge
    http->release();
    run();
  }
  self->send(service, abandon{"t"}); // while the branch is looked at
  run();
  const auto x = *test::take<finished_pull>(r).value;
  CHECK(x.how == end_of::done);
  CHECK(x.warnings.size() == 1);
}

TEST_CASE_METHOD(fixture, "finish: a limit on a comment is waited for") {
  auto what = wish(pull_end::closed);
  what.comment = "No longer needed.";
  answers = {ok(pull()), ok(pull(closed)),
             no(403, "You have exceeded a secondary rate limit"),
             ok(json::object(), 201)};
  auto r = ask(what);
  CHECK(writes() == 2);
  pass(2min, 1s);
  CHECK(test::take<finished_pull>(r).value->warnings.empty());
  CHECK(writes() == 3);
}

TEST_CASE_METHOD(fixture, "look: twice while GitHub works it out, no more") {
  const auto unknown =
    ok(pull({{"mergeable", nullptr}, {"mergeable_state", "unknown"}}));
  answers = {unknown, unknown, ok(pull())};
  auto r =
    self->request(service, caf::infinite, look_at_pull{"t", place(), true});
  pass(5s, 1s);
  CHECK_FALSE(test::take<seen_pull>(r).value->now->mergeable);
  CHECK(http->requests.size() == 2);
}

TEST_CASE_METHOD(fixture, "look: by number, or by the head") {
  auto look = [this](std::int64_t number) {
    auto r = self->request(service, caf::infinite,
                           look_at_pull{"t", place(number), false});
    run();
    return test::take<seen_pull>(r);
  };
  answers = {ok(pull({{"draft", true}}))};
  CHECK(look(7).value->now->at == github::pull_standing::draft);
  answers = {ok(json::array({pull()})), ok(pull())};
  CHECK(look(0).value->now->number == 7);
  CHECK(asked()[1] == "GET /acme/shop/pulls?state=open&head=jane%3Apj%2Ft");
  answers = {ok(json::array())};
  CHECK_FALSE(look(0).value->now);
  answers = {no(401, "Bad credentials")};
  CHECK(look(7).error->kind == failure_class::fail);
}
