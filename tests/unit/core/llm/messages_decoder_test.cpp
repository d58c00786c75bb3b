#include "tests/unit/core/llm/decode.hpp"

using namespace pj;
using namespace pj::llm;
using namespace pj::llm::test;

namespace {

const std::string message_start =
  "event: message_start\ndata: {\"type\":\"message_start\",\"message\":"
  "{\"id\":\"msg_1\",\"model\":\"claude-x\",\"content\":[],\"usage\":"
  "{\"input_tokens\":10,\"cache_creation_input_tokens\":20,"
  "\"cache_read_input_tokens\":30,\"output_tokens\":1}}}\n\n";

std::string text_delta(std::string_view text) {
  return "event: content_block_delta\ndata: {\"type\":\"content_block_delta\","
         "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" +
         std::string(text) + "\"}}\n\n";
}

std::string message_delta(std::string_view delta, std::string_view usage) {
  return "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":" +
         std::string(delta) + ",\"usage\":" + std::string(usage) + "}\n\n";
}

const std::string message_stop =
  "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

} // namespace

TEST_CASE("messages: text blocks only, usage is cumulative") {
  const auto got = read(
    messages(),
    message_start +
      "event: ping\ndata: {\"type\": \"ping\"}\n\n"
      "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":"
      "{\"type\":\"thinking\",\"thinking\":\"\"}}\n\n"
      "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
      "{\"type\":\"thinking_delta\",\"thinking\":\"hmm\"}}\n\n"
      "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
      "{\"type\":\"signature_delta\",\"signature\":\"s\"}}\n\n"
      "data: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
      "data: {\"type\":\"content_block_start\",\"index\":1,\"content_block\":"
      "{\"type\":\"text\",\"text\":\"H\"}}\n\n" +
      text_delta("el") + text_delta("lo") +
      "data: {\"type\":\"new_kind\",\"delta\":{\"text\":\"no\"}}\n\n" +
      message_delta("{\"stop_reason\":null}", "{\"output_tokens\":5}") +
      message_delta("{\"stop_reason\":\"end_turn\"}",
                    "{\"input_tokens\":11,\"output_tokens\":9,"
                    "\"output_tokens_details\":{\"thinking_tokens\":4}}") +
      message_stop + text_delta("late"));
  REQUIRE(got.answer);
  const auto& a = *got.answer;
  CHECK(a.text == "Hello");
  CHECK(a.end == finish::complete);
  CHECK(a.raw_finish == "end_turn");
  CHECK(a.request_id == "msg_1");
  CHECK(a.model == "claude-x");
  CHECK(a.tokens.input_tokens == 61);
  CHECK(a.tokens.cached_tokens == 30);
  CHECK(a.tokens.cache_write_tokens == 20);
  CHECK(a.tokens.output_tokens == 9);
  CHECK(a.tokens.reasoning_tokens == 4);
}

TEST_CASE("messages: every way to end") {
  const auto stop = [](std::string_view delta) {
    const auto got =
      read(messages(), message_start + text_delta("t") +
                         message_delta(delta, "{\"output_tokens\":2}") +
                         message_stop);
    REQUIRE(got.answer);
    return *got.answer;
  };
  const auto end = [&](const std::string& reason) {
    return stop("{\"stop_reason\":\"" + reason + "\"}").end;
  };
  CHECK(end("end_turn") == finish::complete);
  CHECK(end("stop_sequence") == finish::complete);
  CHECK(end("max_tokens") == finish::truncated);
  CHECK(end("model_context_window_exceeded") == finish::truncated);
  CHECK(end("pause_turn") == finish::paused);
  CHECK(end("tool_use") == finish::other);
  const auto refused =
    stop(R"({"stop_reason":"refusal","stop_details":{"type":"refusal",)"
         R"("category":"cyber","explanation":"not this"}})");
  CHECK(refused.end == finish::refused);
  CHECK(refused.refusal == "not this");
  CHECK(stop(R"({"stop_reason":"refusal"})").end == finish::refused);
}

TEST_CASE("messages: what is not text is not the answer") {
  const auto delta = [](std::string_view members) {
    return "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{" +
           std::string(members) + "}}\n\n";
  };
  const auto start = [](std::string_view members) {
    return "data: {\"type\":\"content_block_start\",\"index\":0,"
           "\"content_block\":{" +
           std::string(members) + "}}\n\n";
  };
  std::string stream = message_start;
  for (const auto* type :
       {"redacted_thinking", "tool_use", "server_tool_use",
        "web_search_tool_result", "container_upload", "of_tomorrow"})
    stream += start("\"type\":\"" + std::string(type) + "\",\"text\":\"no\"");
  stream += delta(R"("type":"input_json_delta","partial_json":"{\"text\":1")") +
            delta(R"("type":"citations_delta","citation":{"text":"no"})") +
            delta(R"("type":"of_tomorrow","text":"no")") + text_delta("yes") +
            message_delta("{\"stop_reason\":\"end_turn\"}", "{}") +
            message_stop;
  const auto got = read(messages(), stream);
  REQUIRE(got.answer);
  CHECK(got.answer->text == "yes");
}

TEST_CASE("messages: a later count replaces an earlier one, caches too") {
  const auto got = read(
    messages(),
    message_start + text_delta("t") +
      message_delta("{}", "{\"cache_read_input_tokens\":40,"
                          "\"cache_creation_input_tokens\":0}") +
      message_delta("{\"stop_reason\":\"end_turn\"}", "{\"output_tokens\":7}") +
      message_stop);
  REQUIRE(got.answer);
  CHECK(got.answer->tokens.cached_tokens == 40);
  CHECK(got.answer->tokens.cache_write_tokens == 0);
  CHECK(got.answer->tokens.input_tokens == 50);
  CHECK(got.answer->tokens.output_tokens == 7);
}

TEST_CASE("messages: without its end marker an answer is truncated") {
  auto got = read(messages(), message_start + text_delta("part"));
  REQUIRE(got.answer);
  CHECK(got.answer->end == finish::truncated);
  got =
    read(messages(), message_start + text_delta("part") +
                       message_delta("{\"stop_reason\":\"end_turn\"}", "{}"));
  REQUIRE(got.answer);
  CHECK(got.answer->end == finish::truncated);
  got = read(messages(), message_start);
  REQUIRE(got.why);
  CHECK(got.why->kind == failure_class::retry);
}

TEST_CASE("messages: overload inside the stream may be tried again") {
  const auto got = read(
    messages(), message_start + text_delta("t") +
                  "event: error\ndata: {\"type\":\"error\",\"error\":"
                  "{\"type\":\"overloaded_error\",\"message\":\"Over\"}}\n\n");
  REQUIRE(got.why);
  CHECK(got.why->kind == failure_class::retry);
  CHECK(got.why->what ==
        "anthropic failed in the middle of its answer (overloaded_error): "
        "Over");
}
