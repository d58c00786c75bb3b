// The model's edge: every row of docs/FAULTS.md below "Model providers".
#include "fault_table.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>

using namespace pj;
using namespace pj::test;
using nlohmann::json;

namespace {

void with_fault(const std::string& rule) {
  world w;
  w.doubles.add_fault("{face: model, " + rule + "}");
  check_fault(w);
}

void with_answer(const std::string& rule) {
  world w;
  w.doubles.add_answer("{" + rule + "}");
  check_fault(w);
}

void ask_anthropic(world& w) {
  w.environment["MODEL_PROVIDER"] = "anthropic";
  w.environment["ANTHROPIC_API_KEY"] = w.doubles.model_key();
}

/// Settings without a variable stand in the user's file.
void configure(const world& w, const std::string& line) {
  const auto folder = w.home() / ".config/pj";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "config.yaml") << line << '\n';
}

void with_fall_back(world& w) {
  w.environment["ANTHROPIC_API_KEY"] = w.doubles.model_key();
  configure(w, "fallback_model: anthropic/claude-sonnet-4-5");
}

} // namespace

TEST_CASE("model: 429 with Retry-After") {
  with_fault("kind: status, status: 429, headers: {retry-after: '1'}, "
             "times: 1");
}

TEST_CASE("model: 429 for ever") {
  with_fault("kind: status, status: 429");
}

TEST_CASE("model: 429 that asks for a long pause") {
  with_fault("kind: status, status: 429, headers: {retry-after: '1000'}");
}

TEST_CASE("model: 429, the quota is used up") {
  with_fault("kind: status, status: 429, body: '{\"error\":{\"message\":\"You "
             "exceeded your current quota\",\"type\":\"insufficient_quota\","
             "\"code\":\"insufficient_quota\"}}'");
}

TEST_CASE("model: 402") {
  with_fault("kind: status, status: 402");
}

TEST_CASE("model: 400") {
  with_fault("kind: status, status: 400");
}

TEST_CASE("model: 400 about a parameter") {
  world w;
  const auto folder = w.home() / ".config/pj";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "models.yaml") << "openai:\n"
                                           "  gpt-5: {tokens: max_tokens}\n";
  w.environment["MODEL"] = "gpt-5";
  check_fault(w);
}

TEST_CASE("model: 401") {
  world w;
  w.environment["OPENAI_API_KEY"] = "sk-wrong";
  check_fault(w);
}

TEST_CASE("model: 403") {
  with_fault("kind: status, status: 403");
}

TEST_CASE("model: 404") {
  mock_options o;
  o.fixtures = "models: [another]";
  check_fault(world(o));
}

TEST_CASE("model: 500") {
  with_fault("kind: status, status: 500, times: 1");
}

TEST_CASE("model: 502 with a web page") {
  with_fault("kind: status, status: 502, times: 1, headers: {content-type: "
             "text/html}, body: <html>Bad gateway</html>");
}

TEST_CASE("model: 503 for ever") {
  with_fault("kind: status, status: 503");
}

TEST_CASE("model: 503 for ever, and a fall-back model") {
  world w;
  with_fall_back(w);
  w.doubles.add_fault(
    "{face: model, path: /chat/completions, kind: status, status: 503}");
  check_fault(w);
}

TEST_CASE("model: 404, and a fall-back model") {
  mock_options o;
  o.fixtures = "models: [claude-sonnet-4-5]";
  world w(o);
  with_fall_back(w);
  check_fault(w);
}

TEST_CASE("model: 429, the quota is used up, and a fall-back model") {
  world w;
  with_fall_back(w);
  w.doubles.add_fault("{face: model, kind: status, status: 429, body: "
                      "'{\"error\":{\"code\":\"insufficient_quota\"}}'}");
  check_fault(w);
}

TEST_CASE("model: 529") {
  world w;
  ask_anthropic(w);
  w.doubles.add_fault("{face: model, kind: status, status: 529, times: 1}");
  check_fault(w);
}

TEST_CASE("model: 500 that is not to be retried") {
  with_fault("kind: status, status: 500, headers: {x-should-retry: 'false'}");
}

TEST_CASE("model: a redirect") {
  with_fault("kind: status, status: 301, headers: {location: "
             "'https://elsewhere.example/v1'}");
}

TEST_CASE("model: nobody listens") {
  world w;
  w.environment["OPENAI_BASE_URL"] =
    "http://127.0.0.1:" + std::to_string(closed_port()) + "/v1";
  check_fault(w);
}

TEST_CASE("model: an untrusted certificate") {
  world w;
  const world other(over_tls());
  w.environment["OPENAI_BASE_URL"] = other.doubles.urls().openai;
  check_fault(w);
}

TEST_CASE("model: reset before the answer") {
  with_fault("kind: refuse, times: 1");
}

TEST_CASE("model: reset inside the stream") {
  with_fault("kind: reset, after: 600, times: 1");
}

TEST_CASE("model: reset inside the stream for ever") {
  with_fault("kind: reset, after: 600");
}

TEST_CASE("model: the answer is lost") {
  with_fault("kind: lost-response, times: 1");
}

TEST_CASE("model: silence inside the stream") {
  world w;
  w.environment["TASK_TIMEOUT_MINUTES"] = "0.05";
  w.doubles.add_fault("{face: model, kind: stall, after: 600}");
  check_fault(w);
}

TEST_CASE("model: a slow answer") {
  with_fault("kind: slow, delay: 400");
}

TEST_CASE("model: a slow accept") {
  with_fault("kind: slow-accept, delay: 400");
}

TEST_CASE("model: a trickle") {
  with_fault("kind: trickle, bytes: 40, delay: 1");
}

TEST_CASE("model: split anywhere") {
  with_fault("kind: split, bytes: 7");
}

TEST_CASE("model: a malformed event") {
  with_fault("kind: malformed-event, after: 3, times: 1");
}

TEST_CASE("model: a wrong content type") {
  with_fault("kind: content-type, body: text/html");
}

TEST_CASE("model: a clean end in the middle") {
  with_fault("kind: truncate, after: 2500, times: 1");
}

TEST_CASE("model: a clean end before any text") {
  with_fault("kind: truncate, after: 0, times: 1");
}

TEST_CASE("model: a clean end without the terminal marker") {
  with_fault("kind: no-end");
}

TEST_CASE("model: an error inside the stream") {
  with_fault("kind: error-event, after: 3, times: 1");
}

TEST_CASE("model: an overload inside the stream") {
  world w;
  ask_anthropic(w);
  w.doubles.add_fault("{face: model, kind: error-event, after: 3, times: 1}");
  check_fault(w);
}

TEST_CASE("model: a refusal") {
  with_answer("refusal: I would rather not.");
}

TEST_CASE("model: a content filter") {
  with_answer("text: README.md, stop: content_filter");
}

TEST_CASE("model: an empty answer") {
  with_answer("text: ''");
}

TEST_CASE("model: an answer cut off by its length") {
  const std::string half = "README.md\n<<<<<<< SEARCH\n# Hello\n=======\n# He";
  with_answer("times: 1, stop: length, text: " + json(half).dump());
}

TEST_CASE("model: a pause") {
  world w;
  ask_anthropic(w);
  w.doubles.add_answer("{times: 1, stop: pause, text: Let me think.}");
  check_fault(w);
}
