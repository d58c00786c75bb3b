#include "core/llm/error_body.hpp"
#include "core/llm/models.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace pj::llm;
using namespace std::chrono_literals;

namespace {

endpoint openai() {
  return {provider_id::openai, wire::chat_completions, "http://h/v1",
          "sk-very-secret"};
}

failure classify(int status, std::string_view body, http_headers headers = {}) {
  return classify_error(openai(), status, headers, body);
}

bool says(const failure& f, std::string_view part) {
  INFO(f.what);
  return f.what.find(part) != std::string::npos;
}

std::string error_json(std::string_view type, std::string_view code,
                       std::string_view message) {
  return R"({"error":{"message":")" + std::string(message) + R"(","type":")" +
         std::string(type) + R"(","param":null,"code":)" +
         (code.empty() ? "null" : "\"" + std::string(code) + "\"") + "}}";
}

} // namespace

TEST_CASE("classify: statuses") {
  for (int status : {408, 409, 429, 500, 502, 503, 504, 529})
    CHECK(classify(status, "").kind == failure_class::retry);
  for (int status : {301, 400, 401, 402, 403, 404, 413, 422})
    CHECK(classify(status, "").kind == failure_class::fail);
  CHECK(classify(500, "").code == failure_code::model);
}

TEST_CASE("classify: the server's wish outranks the status") {
  CHECK(classify(500, "", {{"x-should-retry", "false"}}).kind ==
        failure_class::fail);
  CHECK(classify(400, "", {{"X-Should-Retry", "true"}}).kind ==
        failure_class::retry);
}

TEST_CASE("classify: quota and billing are final and say so") {
  for (const auto* code :
       {"insufficient_quota", "credit_balance_exhausted",
        "organization_spend_limit_exceeded", "billing_hard_limit_reached"}) {
    const auto f = classify(429, error_json("x", code, "No money"),
                            {{"x-should-retry", "true"}});
    CHECK(f.kind == failure_class::fail);
    CHECK(says(f, "billing"));
  }
  CHECK(classify(429, error_json("insufficient_quota", "", "")).kind ==
        failure_class::fail);
  CHECK(classify(429, R"({"type":"error","error":{"type":"rate_limit_error",
      "message":"m","details":{"error_code":"enforced_spend_limit_reached"}}})")
          .kind == failure_class::fail);
  CHECK(says(classify(402, ""), "billing"));
  CHECK(classify(429, error_json("requests", "ramp_limit_exceeded", "")).kind ==
        failure_class::retry);
}

TEST_CASE("classify: every code that money cures is final") {
  for (const auto* code :
       {"credit_balance_exhausted", "organization_spend_limit_exceeded",
        "project_spend_limit_exceeded", "organization_usage_limit_exceeded",
        "usage_limit_exceeded", "contract_spend_limit_reached"}) {
    INFO(code);
    const auto why = classify(429, error_json("x", code, "no"));
    CHECK(why.kind == failure_class::fail);
    CHECK(why.hits_all);
    CHECK(says(why, "billing"));
  }
}

TEST_CASE("classify: a prompt that moderation flags is not the key's fault") {
  auto where = openai();
  where.provider = provider_id::openrouter;
  const auto why = classify_error(
    where, 403, {},
    R"({"error":{"code":403,"message":"flagged","metadata":{"reasons":["x"]}}})");
  CHECK(why.kind == failure_class::fail);
  CHECK(says(why, "moderation"));
  CHECK_FALSE(says(why, "OPENROUTER_API_KEY"));
}

TEST_CASE("classify: a status inside a stream counts as one") {
  const auto inside = [](std::string_view body) {
    return classify_stream_error(openai(), *read_error(body));
  };
  CHECK(inside(R"({"error":{"code":502,"message":"x"}})").kind ==
        failure_class::retry);
  const auto broke = inside(R"({"error":{"code":402,"message":"x"}})");
  CHECK(broke.kind == failure_class::fail);
  CHECK(broke.hits_all);
  CHECK(says(broke, "billing"));
}

TEST_CASE("classify: the line names cause and cure") {
  auto f = classify(401, error_json("invalid_request_error", "invalid_api_key",
                                    "Incorrect API key: sk-very-secret."));
  CHECK(says(f, "openai answered 401 (invalid_api_key): Incorrect API key: "
                "***."));
  CHECK(says(f, "set OPENAI_API_KEY to a valid key"));
  CHECK(says(classify(403, ""), "OPENAI_API_KEY"));
  f = classify(404, error_json("invalid_request_error", "model_not_found",
                               "The model `gpt-9` does not exist"));
  CHECK(says(f, "gpt-9"));
  CHECK(says(f, "MODEL"));
  CHECK(says(classify(400, error_json("", "context_length_exceeded", "m")),
             "too long"));
  CHECK(says(classify(302, ""), "OPENAI_BASE_URL"));
}

TEST_CASE("classify: every shape of error body is read") {
  CHECK(says(classify(400, R"({"type":"error","error":{"type":
        "invalid_request_error","message":"anthropic"},"request_id":"r"})"),
             "(invalid_request_error): anthropic"));
  CHECK(says(classify(502, R"({"error":{"code":502,"message":"down",
        "metadata":{"raw":"upstream"}}})"),
             "502: down: upstream"));
  CHECK(says(classify(400, R"({"object":"error","message":"vllm",
        "type":"BadRequestError","code":400})"),
             "(BadRequestError): vllm"));
  CHECK(says(classify(422, R"({"detail":[{"loc":["body"],"msg":"field"}]})"),
             "422: field"));
  CHECK(
    says(classify(401, R"({"statusCode":401,"message":"apim"})"), "401: apim"));
  CHECK(says(classify(404, R"({"error":"ollama"})"), "404: ollama"));
  CHECK(says(classify(400, R"([{"error":{"code":400,"status":"INVALID",
        "message":"google"}}])"),
             "(INVALID): google"));
  CHECK(says(classify(502, "<html>\n<title>x"), "web page"));
  CHECK(says(classify(500, "plain\r\ntrouble"), "500: plain??trouble"));
  CHECK(says(
    classify(500, R"({"error":{"message":")" + std::string(9000, 'x') + "\"}}"),
    "…"));
  for (const auto* odd : {"{", "[]", "null", "{}", "{\"error\":null}",
                          "{\"error\":[]}", "{\"error\":7}", "\xff\xfe"})
    CHECK(classify(500, odd).kind == failure_class::retry);
  CHECK(classify(500, std::string(100'000, '[')).kind == failure_class::retry);
}

TEST_CASE("classify: the request id is kept for support") {
  CHECK(classify(500, "", {{"x-request-id", "req_1\x1b"}}).details ==
        "request id: req_1?");
}

TEST_CASE("classify: the pause the server asks for") {
  const auto pause = [](http_headers headers) {
    return classify(429, "", std::move(headers)).retry_after;
  };
  CHECK(pause({}) == 0ms);
  CHECK(pause({{"retry-after", "2"}}) == 2s);
  CHECK(pause({{"retry-after", "0.25"}}) == 250ms);
  CHECK(pause({{"retry-after", "9"}, {"retry-after-ms", "40.2"}}) == 41ms);
  CHECK(pause({{"retry-after", "9"}, {"x-ms-retry-after-ms", "40"}}) == 40ms);
  CHECK(pause({{"retry-after", "Sun, 22 Nov 2026 10:00:30 GMT"},
               {"date", "Sun, 22 Nov 2026 10:00:00 GMT"}}) == 30s);
  CHECK(pause({{"retry-after", "Sun, 22 Nov 2026 10:00:30 GMT"}}) == 0ms);
  CHECK(pause({{"retry-after", "Sun, 22 Nov 2026 09:00:30 GMT"},
               {"date", "Sun, 22 Nov 2026 10:00:00 GMT"}}) == 0ms);
  for (const auto* odd : {"-1", "soon", "1e9", "nan", "inf", "", "1 2", "0x10"})
    CHECK(pause({{"retry-after", odd}}) == 0ms);
  CHECK(pause({{"retry-after", "99999999"}}) == 24h);
  CHECK(classify(400, "", {{"retry-after", "2"}}).retry_after == 0ms);
}

TEST_CASE("parameter fix: one changed parameter cures the request") {
  using change = parameter_fix::change;
  const auto fix = [](std::string_view param, std::string_view message) {
    return unsupported_parameter(
      R"({"error":{"type":"invalid_request_error","code":"unsupported_parameter",)"
      R"("param":)" +
      (param.empty() ? "null" : "\"" + std::string(param) + "\"") +
      R"(,"message":")" + std::string(message) + "\"}}");
  };
  auto got = fix("max_tokens", "Unsupported parameter: 'max_tokens' is not "
                               "supported with this model. Use "
                               "'max_completion_tokens' instead.");
  REQUIRE(got);
  CHECK(got->what == change::use_max_completion_tokens);
  got = fix("", "Unrecognized request argument supplied: "
                "max_completion_tokens");
  REQUIRE(got);
  CHECK(got->what == change::use_max_tokens);
  got = fix("temperature", "Unsupported value: 'temperature' does not support "
                           "0.16 with this model.");
  REQUIRE(got);
  CHECK(got->what == change::omit_temperature);
  got = fix("", "stream_options: extra fields not permitted");
  REQUIRE(got);
  CHECK(got->what == change::omit_stream_options);
  got = fix("", "max_tokens: 64000 > 8192, which is the maximum allowed number "
                "of output tokens for claude-3-5-sonnet-20241022");
  REQUIRE(got);
  CHECK(got->what == change::lower_max_output);
  CHECK(got->limit == 8192);
  got = fix("max_tokens", "max_tokens is too large: 32768. This model supports "
                          "at most 16384 completion tokens");
  REQUIRE(got);
  CHECK(got->limit == 16384);
  got = fix("", "'developer' is not one of ['system', 'user'] - messages.role");
  REQUIRE(got);
  CHECK(got->what == change::use_system_role);
  CHECK(!fix("model", "no such model"));
  CHECK(!unsupported_parameter("<html>"));
  CHECK(!unsupported_parameter(
    error_json("invalid_request_error", "context_length_exceeded",
               "maximum context length is 8192 tokens, max_tokens 4000")));
}

TEST_CASE("parameter fix: the same cure is not tried twice") {
  using change = parameter_fix::change;
  model_entry m;
  CHECK(adapt(m, {change::use_max_tokens}));
  CHECK(m.token_field == "max_tokens");
  CHECK(!adapt(m, {change::use_max_tokens}));
  CHECK(adapt(m, {change::omit_temperature}));
  CHECK(!adapt(m, {change::omit_temperature}));
  CHECK(adapt(m, {change::lower_max_output, 4096}));
  CHECK(m.max_output_tokens == 4096);
  CHECK(!adapt(m, {change::lower_max_output, 4096}));
  CHECK(!adapt(m, {change::lower_max_output, 0}));
  CHECK(adapt(m, {change::omit_stream_options}));
  CHECK(!adapt(m, {change::use_system_role}));
}
