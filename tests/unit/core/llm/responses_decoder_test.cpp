#include "tests/unit/core/llm/decode.hpp"

using namespace pj;
using namespace pj::llm;
using namespace pj::llm::test;

TEST_CASE("responses: deltas, then the terminal event") {
  const auto got = read(
    responses(),
    "event: response.created\ndata: {\"type\":\"response.created\","
    "\"response\":{\"id\":\"r1\",\"model\":\"gpt-x\",\"status\":\"queued\"},"
    "\"sequence_number\":0}\n\n"
    "event: response.reasoning_text.delta\ndata: {\"type\":"
    "\"response.reasoning_text.delta\",\"delta\":\"hmm\"}\n\n"
    "event: response.output_text.delta\ndata: {\"type\":"
    "\"response.output_text.delta\",\"delta\":\"He\"}\n\n"
    "event: response.output_text.delta\ndata: {\"type\":"
    "\"response.output_text.delta\",\"delta\":\"y\"}\n\n"
    "event: response.output_text.done\ndata: {\"type\":"
    "\"response.output_text.done\",\"text\":\"Hey\"}\n\n"
    "event: response.completed\ndata: {\"type\":\"response.completed\","
    "\"response\":{\"id\":\"r1\",\"output\":[{\"type\":\"message\",\"content\":"
    "[{\"type\":\"output_text\",\"text\":\"Hey\"}]}],\"usage\":"
    "{\"input_tokens\":5,\"input_tokens_details\":{\"cached_tokens\":1,"
    "\"cache_write_tokens\":3},"
    "\"output_tokens\":6,\"output_tokens_details\":{\"reasoning_tokens\":2}}}}"
    "\n\n");
  REQUIRE(got.answer);
  CHECK(got.answer->text == "Hey");
  CHECK(got.answer->end == finish::complete);
  CHECK(got.answer->request_id == "r1");
  CHECK(got.answer->tokens.input_tokens == 5);
  CHECK(got.answer->tokens.cached_tokens == 1);
  CHECK(got.answer->tokens.cache_write_tokens == 3);
  CHECK(got.answer->tokens.reasoning_tokens == 2);
}

TEST_CASE("responses: every way to end") {
  const std::string text = "data: {\"type\":\"response.output_text.delta\","
                           "\"delta\":\"t\"}\n\n";
  const auto terminal = [](std::string_view name, std::string_view members) {
    return "data: {\"type\":\"response." + std::string(name) +
           "\",\"response\":{" + std::string(members) + "}}\n\n";
  };
  const auto end = [](const std::string& stream) {
    const auto got = read(responses(), stream);
    REQUIRE(got.answer);
    return *got.answer;
  };
  CHECK(end(text).end == finish::truncated);
  auto a =
    end(text + terminal("incomplete", R"("incomplete_details":{"reason":)"
                                      R"("max_output_tokens"})"));
  CHECK(a.end == finish::truncated);
  CHECK(a.raw_finish == "max_output_tokens");
  CHECK(end(text + terminal("incomplete", R"("incomplete_details":{"reason":)"
                                          R"("content_filter"})"))
          .end == finish::filtered);
  a = end("data: {\"type\":\"response.refusal.delta\",\"delta\":\"no\"}\n\n" +
          terminal("completed", "\"output\":[]"));
  CHECK(a.end == finish::refused);
  CHECK(a.refusal == "no");
  a = end(terminal("completed",
                   R"("output":[{"type":"message","content":)"
                   R"([{"type":"output_text","text":"all at once"}]}])"));
  CHECK(a.text == "all at once");
  CHECK(
    end(terminal("completed", R"("output":[{"type":"function_call"}])")).end ==
    finish::other);

  const auto why = [](const std::string& stream) {
    const auto got = read(responses(), stream);
    REQUIRE(got.why);
    return *got.why;
  };
  auto f = why(
    terminal("failed", R"("error":{"code":"server_error","message":"Oops"})"));
  CHECK(f.kind == failure_class::retry);
  CHECK(f.what.find("(server_error): Oops") != std::string::npos);
  f = why(
    terminal("failed", R"("error":{"code":"invalid_prompt","message":"Bad"})"));
  CHECK(f.kind == failure_class::fail);
  f = why("event: error\ndata: {\"type\":\"error\",\"code\":"
          "\"rate_limit_exceeded\",\"message\":\"slow\",\"param\":null}\n\n");
  CHECK(f.kind == failure_class::retry);
  CHECK(f.what.find("rate_limit_exceeded") != std::string::npos);
}
