#include "core/webhook/signature.hpp"
#include "mock_world.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace pj::test;

namespace {

constexpr auto* secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

recorder::seen deliver(mock_world& world, std::string body,
                       const http_headers& headers = {}) {
  auto r = post(world.doubles.urls().webhook, std::move(body));
  r.headers = headers;
  if (find_header(headers, "content-type").empty())
    r.headers.push_back({"content-type", "application/json"});
  return world.send(std::move(r));
}

} // namespace

TEST_CASE("events are kept in the order they come, with repeats counted") {
  mock_world world;
  const http_headers id{{"webhook-id", "a"}};
  CHECK(deliver(world, R"({"type":"task.progress"})", id).status == 200);
  CHECK(deliver(world, R"({"type":"task.progress"})", id).status == 200);
  CHECK(deliver(world, R"({"type":"task.completed"})").status == 200);
  const auto events = world.doubles.events();
  REQUIRE(events.size() == 3);
  CHECK(events[0].seen == 1);
  CHECK(events[1].seen == 2);
  CHECK_FALSE(events[2].verified);
  const auto shown = parsed(world.send(get(world.doubles.urls().events)));
  CHECK(shown[2]["body"]["type"] == "task.completed");
}

TEST_CASE("what is no JSON is refused and still shown") {
  mock_world world;
  CHECK(deliver(world, "nonsense").status == 400);
  CHECK(deliver(world, "{}", {{"content-type", "text/plain"}}).status == 415);
  CHECK(world.doubles.events().size() == 2);
}

TEST_CASE("the published example of Standard Webhooks verifies") {
  const std::string body = R"({"test": 2432232314})";
  const http_headers headers{
    {"webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"},
    {"webhook-timestamp", "1614265330"},
    {"webhook-signature", "v1a,zzz "
                          "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}};
  const auto good = [&](std::string_view with, std::int64_t now,
                        std::string_view text) {
    return doubles::verify_webhook(headers, text, with, now);
  };
  CHECK(good(secret, 1614265330, body));
  CHECK(good(secret, 1614265330 + 300, body));
  CHECK_FALSE(good(secret, 1614265330 + 301, body));
  CHECK_FALSE(good(secret, 1614265330 - 301, body));
  CHECK_FALSE(good(secret, 1614265330, body + " "));
  CHECK_FALSE(good("whsec_AAAA", 1614265330, body));
  CHECK_FALSE(good("whsec_%%%", 1614265330, body));
}

TEST_CASE("a wrong signature is noted") {
  mock_options o;
  o.webhook_secret = secret;
  mock_world world{o};
  deliver(world, "{}", {{"webhook-signature", "v1,AAAA"}});
  REQUIRE(world.doubles.events().at(0).verified == false);
}

TEST_CASE("the page for people is served") {
  mock_world world;
  auto url = world.doubles.urls().events;
  url.resize(url.size() - std::string_view{"events"}.size());
  const auto page = world.send(get(url));
  CHECK(page.status == 200);
  CHECK(page.body.find("<title>pj-mock: events</title>") != std::string::npos);
}
