#include "mock_world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>

using namespace pj;
using namespace pj::test;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

/// One streamed question to a mock with one fault.
struct trial {
  explicit trial(const std::string& fault) {
    world.doubles.add_answer("{text: one two three four five six}");
    world.doubles.add_fault(fault);
  }

  recorder::seen ask(http_limits limits = {}) {
    return world.send(world.question(chat_body("x", {{"stream", true}})),
                      limits);
  }

  mock_world world;
};

} // namespace

TEST_CASE("a status with headers, as often as asked, then all is well") {
  trial t{"{face: model, kind: status, status: 429, times: 2, skip: 1, "
          "headers: {retry-after-ms: \"20\"}}"};
  CHECK(t.ask().status == 200);
  const auto seen = t.ask();
  CHECK(seen.status == 429);
  CHECK(find_header(seen.headers, "retry-after-ms") == "20");
  CHECK(parsed(seen)["error"]["type"] == "rate_limit_error");
  CHECK(t.ask().status == 429);
  CHECK(t.ask().status == 200);
  CHECK(t.world.doubles.requests().at(1).fault == "status");
}

TEST_CASE("refused: no response at all") {
  trial t{"{kind: refuse}"};
  const auto seen = t.ask();
  CHECK(seen.heads == 0);
  CHECK(seen.why);
}

TEST_CASE("a reset cuts the stream after so many bytes") {
  trial t{"{kind: reset, after: 300}"};
  const auto seen = t.ask();
  CHECK(seen.status == 200);
  CHECK(seen.why);
  CHECK(seen.body.size() == 300);
}

TEST_CASE("a truncated stream ends cleanly without its marker") {
  trial t{"{kind: truncate, after: 500}"};
  const auto seen = t.ask();
  CHECK_FALSE(seen.why);
  CHECK(seen.body.size() == 500);
  CHECK(seen.body.find("[DONE]") == std::string::npos);
}

TEST_CASE("a stall keeps the connection open without a word") {
  trial t{"{kind: stall, after: 100}"};
  http_limits limits;
  limits.idle = 100ms;
  const auto seen = t.ask(limits);
  CHECK(seen.body.size() == 100);
  REQUIRE(seen.why);
  CHECK(seen.why->kind == failure_class::retry);
}

TEST_CASE("a stall that ends gives the whole answer") {
  trial t{"{kind: stall, after: 100, delay: 30}"};
  CHECK(t.ask().body.ends_with("data: [DONE]\n\n"));
}

TEST_CASE("split and trickled streams arrive whole") {
  mock_world plain;
  plain.doubles.add_answer("{text: one two three four five six}");
  const auto whole =
    plain.send(plain.question(chat_body("x", {{"stream", true}})));
  trial split{"{kind: split, bytes: 7}"};
  const auto pieces = split.ask();
  CHECK(pieces.body.size() == whole.body.size());
  CHECK(pieces.pieces > whole.pieces);
  trial trickle{"{kind: trickle, bytes: 200, delay: 1}"};
  CHECK(trickle.ask().body.size() == whole.body.size());
}

TEST_CASE("a wrong content type") {
  trial t{"{kind: content-type, body: application/json}"};
  CHECK(find_header(t.ask().headers, "content-type") == "application/json");
}

TEST_CASE("an event that is no JSON comes after so many others") {
  trial t{"{kind: malformed-event, after: 2}"};
  const auto seen = t.ask();
  CHECK(seen.body.find("\n\ndata: {\"id\":\"chatcmpl-\n\n") !=
        std::string::npos);
  CHECK(seen.body.find("six") != std::string::npos);
}

TEST_CASE("the service's own error event ends the stream") {
  trial t{"{kind: error-event, after: 2}"};
  const auto seen = t.ask();
  CHECK(seen.body.find("\n\ndata: {\"error\":{") != std::string::npos);
  CHECK(seen.body.find("six") == std::string::npos);
  CHECK(seen.body.find("[DONE]") == std::string::npos);
}

TEST_CASE("a lost response was acted on") {
  mock_world world;
  world.doubles.add_fault("{face: webhook, kind: lost-response, times: 1}");
  auto r = post(world.doubles.urls().webhook, "{}");
  r.headers = {{"content-type", "application/json"}};
  CHECK(world.send(r).why);
  CHECK(world.doubles.events().size() == 1);
  CHECK(world.send(r).status == 200);
}

TEST_CASE("faults by probability are the same for the same seed") {
  const auto run = [](std::uint64_t seed) {
    mock_options o;
    o.seed = seed;
    o.fixtures = "faults: [{face: model, kind: status, probability: 0.5}]";
    mock_world world{o};
    std::string statuses;
    for (int i = 0; i < 24; ++i)
      statuses +=
        world.send(world.question(chat_body("x"))).status == 200 ? '.' : 'x';
    return statuses;
  };
  const auto first = run(5);
  CHECK(first == run(5));
  CHECK(first != run(6));
  CHECK(first.find('.') != std::string::npos);
  CHECK(first.find('x') != std::string::npos);
}

TEST_CASE("the request journal holds no secrets") {
  mock_world world;
  world.send(world.question(chat_body("a task")));
  world.send(world.to_github("GET", "/user"));
  const auto shown =
    world.send(get(world.doubles.urls().github + "/_requests")).body;
  CHECK(shown.find("a task") != std::string::npos);
  CHECK(shown.find(world.doubles.model_key()) == std::string::npos);
  CHECK(shown.find(world.doubles.token()) == std::string::npos);
  const auto metrics =
    world.send(get(world.doubles.urls().github + "/metrics"));
  CHECK(metrics.status == 200);
  CHECK(find_header(metrics.headers, "content-type").starts_with("text/plain"));
  CHECK(metrics.body.find(
          "pj_mock_requests_total{face=\"model\",status=\"200\"} 1") !=
        std::string::npos);
}

TEST_CASE("latencies follow their distribution, the same for a seed") {
  const auto draws = [](doubles::spread s, std::uint64_t seed) {
    doubles::chance from(seed);
    std::vector<double> out(20'001);
    std::generate(out.begin(), out.end(), [&] { return s.draw(from); });
    return out;
  };
  const auto median = [](std::vector<double> of) {
    std::nth_element(of.begin(), of.begin() + 10'000, of.end());
    return of[10'000];
  };
  const auto script = doubles::read_script(
    "latency: {lognormal: [300, 0.5]}\ntokens_per_second: {uniform: [10, 50]}");
  const auto uniform = draws(script.tokens_per_second, 1);
  const auto [low, high] = std::minmax_element(uniform.begin(), uniform.end());
  CHECK(*low >= 10);
  CHECK(*high < 50);
  CHECK(std::abs(median(uniform) - 30) < 1);

  const auto lognormal = draws(script.latency, 1);
  CHECK(std::abs(median(lognormal) - 300) < 10);
  // One deviation above the median: 300 * e^0.5.
  const auto above = std::count_if(lognormal.begin(), lognormal.end(),
                                   [](double x) { return x > 494.6; });
  CHECK(std::abs(static_cast<double>(above) / 20'001 - 0.1587) < 0.01);
  CHECK(lognormal == draws(script.latency, 1));
  CHECK(lognormal != draws(script.latency, 2));
}

TEST_CASE("mistakes in fixtures are told with their line") {
  const auto complaint = [](const std::string& yaml) -> std::string {
    try {
      doubles::read_script(yaml);
      return "";
    } catch (const std::runtime_error& e) {
      return e.what();
    }
  };
  CHECK(complaint("").empty());
  CHECK(complaint("faults:\n  - {kind: stats}")
          .starts_with("fixtures, line 2: unknown fault 'stats'; known: "));
  CHECK(complaint("faults:\n  - {status: 500}") ==
        "fixtures, line 2: a fault needs a 'kind'");
  CHECK(complaint("anwers: []")
          .starts_with(
            "fixtures, line 1: unknown setting 'anwers'; known: answers"));
  CHECK(complaint("answers:\n  - match: a\n    times: many") ==
        "fixtures, line 3: 'times' has an impossible value");
  CHECK(complaint("latency: {uniform: [1]}") ==
        "fixtures, line 1: two numbers are needed here, e.g. [10, 50]");
  CHECK(complaint("latency: -1") ==
        "fixtures, line 1: a number below 0 makes no sense here");
  CHECK_FALSE(complaint("a: [").empty());
}

TEST_CASE("an answer takes the time that the script gives it") {
  mock_options o;
  o.fixtures = "{latency: 30, tokens_per_second: 200, "
               "answers: [{text: one two three four five six seven eight}]}";
  mock_world world{o};
  const auto before = std::chrono::steady_clock::now();
  const auto seen =
    world.send(world.question(chat_body("x", {{"stream", true}})));
  CHECK(std::chrono::steady_clock::now() - before >= 60ms);
  CHECK(seen.body.ends_with("data: [DONE]\n\n"));
}
