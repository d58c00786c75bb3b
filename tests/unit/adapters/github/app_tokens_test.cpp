#include "adapters/github/app_tokens.hpp"

#include "adapters/crypto/rsa.hpp"
#include "apps/mock/token_book.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <deque>
#include <utility>

using namespace pj;

namespace {

const rsa_pair& keys() {
  static const auto pair = make_rsa_pair();
  return pair;
}

/// Answers like GitHub, on a clock that moves when told to.
struct github_world : http_port {
  std::int64_t now = 1'000'000;
  int issued = 0;
  int status = 201;
  bool held = false;
  std::vector<http_request> requests;
  std::deque<std::function<void()>> waiting;
  std::vector<std::string> secrets;
  const doubles::app_options app{"4711", "815", keys().open, 3600};

  http_operation start(http_request request, http_limits,
                       std::shared_ptr<http_handler> handler) override {
    requests.push_back(std::move(request));
    auto deliver = [this, handler, r = requests.back()] {
      handler->head(status, {});
      handler->data(body(r));
      handler->end(nullptr);
    };
    if (held)
      waiting.push_back(deliver);
    else
      deliver();
    return 1;
  }

  void cancel(http_operation) override {}

  std::string body(const http_request& r) {
    const auto bearer = find_header(r.headers, "authorization");
    CHECK(r.url == "https://h/api/v3/app/installations/815/access_tokens");
    CHECK(doubles::jwt_complaint(app, bearer.substr(7), now) == "");
    if (status != 201)
      return "{}";
    const auto ends = std::chrono::sys_seconds{std::chrono::seconds{now}} +
                      std::chrono::hours{1};
    const auto days = std::chrono::floor<std::chrono::days>(ends);
    const std::chrono::year_month_day day{days};
    const std::chrono::hh_mm_ss time{ends - days};
    char text[32];
    std::snprintf(
      text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ",
      static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
      static_cast<unsigned>(day.day()), static_cast<int>(time.hours().count()),
      static_cast<int>(time.minutes().count()),
      static_cast<int>(time.seconds().count()));
    return nlohmann::json{{"token", "token-" + std::to_string(++issued)},
                          {"expires_at", text}}
      .dump();
  }
};

struct fixture {
  std::shared_ptr<github_world> world = std::make_shared<github_world>();
  std::shared_ptr<token_source> tokens = *make_app_tokens(
    world, {"https://h/api/v3",
            {"4711", "815", "/k.pem", keys().secret},
            [w = world] { return w->now; },
            [w = world](const std::string& x) { w->secrets.push_back(x); }});

  result<std::string> get() const {
    result<std::string> out = failure{};
    tokens->get([&out](result<std::string> got) { out = std::move(got); });
    return out;
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "app tokens: one is used until shortly before it "
                          "ends, then renewed") {
  CHECK(*get() == "token-1");
  world->now += 54 * 60;
  CHECK(*get() == "token-1");
  CHECK(world->requests.size() == 1);
  world->now += 60;
  CHECK(*get() == "token-2");
  // A night of batches: no token is ever used that has ended.
  for (int minute = 0; minute < 12 * 60; ++minute) {
    world->now += 60;
    REQUIRE(get());
  }
  CHECK(world->requests.size() == 2 + 12 * 60 / 55);
}

TEST_CASE_METHOD(fixture, "app tokens: those who ask meanwhile wait") {
  world->held = true;
  std::vector<std::string> got;
  for (int i = 0; i < 3; ++i)
    tokens->get([&](const result<std::string>& x) { got.push_back(*x); });
  CHECK(got.empty());
  CHECK(world->requests.size() == 1);
  const auto answer = std::exchange(world->waiting, {}).front();
  answer();
  CHECK(got == std::vector<std::string>(3, "token-1"));
}

TEST_CASE_METHOD(fixture, "app tokens: every new one is known as a secret") {
  CHECK(get());
  CHECK(world->secrets == std::vector<std::string>{"token-1"});
}

TEST_CASE_METHOD(fixture, "app tokens: while GitHub is down the old one "
                          "serves to its end") {
  CHECK(get());
  world->status = 503;
  world->now += 57 * 60;
  CHECK(*get() == "token-1");
  world->now += 3 * 60;
  CHECK(get().error().kind == failure_class::retry);
  world->status = 201;
  CHECK(*get() == "token-2");
}

TEST_CASE("app tokens: a key that is none") {
  const auto made =
    make_app_tokens(std::make_shared<github_world>(),
                    {"https://h", {"1", "2", "/k", "x"}, {}, {}});
  REQUIRE_FALSE(made);
  CHECK(made.error().what.starts_with("GITHUB_APP_KEY_PATH holds no"));
}
