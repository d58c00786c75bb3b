#include "core/llm/wire.hpp"

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace pj;
using namespace pj::llm;

namespace {

struct outcome {
  std::string streamed;
  std::optional<completion> answer;
  std::optional<failure> why;
};

outcome decode(const endpoint& where, const std::vector<std::string_view>& in) {
  outcome out;
  auto made = make_decoder(where, "text/event-stream; charset=utf-8");
  for (const auto piece : in) {
    const auto copy = std::make_unique<char[]>(piece.size());
    piece.copy(copy.get(), piece.size());
    if (auto ok = (*made)->feed({copy.get(), piece.size()}, out.streamed);
        !ok) {
      out.why = ok.error();
      return out;
    }
  }
  auto end = (*made)->finish();
  if (end)
    out.answer = *std::move(end);
  else
    out.why = end.error();
  return out;
}

endpoint openai() {
  return {provider_id::openai, wire::chat_completions, "http://h/v1",
          "sk-secret-key"};
}
endpoint openrouter() {
  return {provider_id::openrouter, wire::chat_completions, "http://h", "k"};
}
endpoint messages() {
  return {provider_id::anthropic, wire::messages, "http://h", "k"};
}
endpoint responses() {
  return {provider_id::openai, wire::responses, "http://h/v1", "k"};
}

/// Decodes whole, and cut in two at every byte: always the same.
outcome read(const endpoint& where, std::string_view stream) {
  const auto whole = decode(where, {stream});
  for (std::size_t i = 1; i < stream.size(); ++i) {
    const auto cut = decode(where, {stream.substr(0, i), stream.substr(i)});
    CAPTURE(i, stream);
    REQUIRE(cut.answer.has_value() == whole.answer.has_value());
    REQUIRE(cut.why.has_value() == whole.why.has_value());
    if (whole.why)
      REQUIRE(cut.why->what == whole.why->what);
    if (!whole.answer)
      continue;
    REQUIRE(cut.answer->text == whole.answer->text);
    REQUIRE(cut.answer->end == whole.answer->end);
    REQUIRE(cut.answer->tokens.input_tokens ==
            whole.answer->tokens.input_tokens);
  }
  return whole;
}

std::string chunk(std::string_view delta, std::string_view finish = "null") {
  return "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\","
         "\"model\":\"gpt-4o-2024\",\"choices\":[{\"index\":0,\"delta\":" +
         std::string(delta) +
         ",\"logprobs\":null,\"finish_reason\":" + std::string(finish) +
         "}],\"usage\":null}\n\n";
}

const std::string done_mark = "data: [DONE]\n\n";

} // namespace

TEST_CASE("chat: an answer with usage") {
  const auto got = read(
    openai(),
    chunk(R"({"role":"assistant","content":"","refusal":null})") +
      chunk(R"({"content":"Hé"})") + chunk(R"({"content":"llo\n\"x\""})") +
      chunk("{}", "\"stop\"") +
      "data: {\"id\":\"c1\",\"choices\":[],\"usage\":{\"prompt_tokens\":11,"
      "\"completion_tokens\":7,\"prompt_tokens_details\":{\"cached_tokens\":"
      "4,\"cache_write_tokens\":2},\"completion_tokens_details\":"
      "{\"reasoning_tokens\":3}}}\n\n" +
      done_mark);
  REQUIRE(got.answer);
  const auto& a = *got.answer;
  CHECK(a.text == "H\xc3\xa9llo\n\"x\"");
  CHECK(got.streamed == a.text);
  CHECK(a.end == finish::complete);
  CHECK(a.raw_finish == "stop");
  CHECK(a.model == "gpt-4o-2024");
  CHECK(a.request_id == "c1");
  CHECK(a.tokens.input_tokens == 11);
  CHECK(a.tokens.cached_tokens == 4);
  CHECK(a.tokens.cache_write_tokens == 2);
  CHECK(a.tokens.output_tokens == 7);
  CHECK(a.tokens.reasoning_tokens == 3);
  CHECK(!a.tokens.cost_usd);
}

TEST_CASE("chat: quirks of compatible servers are taken") {
  SECTION("no end marker, no usage, one chunk") {
    const auto got = read(
      openai(), chunk(R"({"role":"assistant","content":"hi"})", "\"eos\""));
    REQUIRE(got.answer);
    CHECK(got.answer->text == "hi");
    CHECK(got.answer->end == finish::complete);
    CHECK(got.answer->tokens.output_tokens == 0);
  }
  SECTION("end marker without a reason") {
    const auto got = read(openai(), chunk(R"({"content":"hi"})") + done_mark);
    REQUIRE(got.answer);
    CHECK(got.answer->end == finish::complete);
  }
  SECTION("what follows the end marker does not count") {
    const auto got =
      read(openai(), chunk(R"({"content":"a"})", "\"stop\"") + done_mark +
                       chunk(R"({"content":"b"})") + "data: not json\n\n");
    REQUIRE(got.answer);
    CHECK(got.answer->text == "a");
  }
  SECTION("Azure's first chunk, unknown members, other choices") {
    const auto got =
      read(openai(),
           "data: {\"choices\":[],\"prompt_filter_results\":[{}]}\n\n"
           "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"no\"}},"
           "{\"index\":0,\"delta\":{\"content\":\"yes\"},\"x\":[1]}],"
           "\"obfuscation\":\"aaaa\",\"moderation\":{}}\n\n" +
             done_mark);
    REQUIRE(got.answer);
    CHECK(got.answer->text == "yes");
  }
  SECTION("content in parts") {
    const auto got =
      read(openai(), chunk(R"({"content":[{"type":"thinking","thinking":[]},)"
                           R"({"type":"text","text":"ok"}]})") +
                       done_mark);
    REQUIRE(got.answer);
    CHECK(got.answer->text == "ok");
  }
  SECTION("a reason nobody knows") {
    const auto got = read(openai(), chunk(R"({"content":"a"})", "\"odd\""));
    REQUIRE(got.answer);
    CHECK(got.answer->end == finish::other);
    CHECK(got.answer->raw_finish == "odd");
  }
}

TEST_CASE("chat: reasoning is no part of the answer") {
  const auto fields = read(
    openai(), chunk(R"({"reasoning_content":"hmm","content":null})") +
                chunk(R"({"reasoning":"hmm","reasoning_details":[{"a":1}]})") +
                chunk(R"({"content":"yes"})", "\"stop\""));
  REQUIRE(fields.answer);
  CHECK(fields.answer->text == "yes");
  const auto inlined = read(
    openai(), chunk(R"({"content":"\n<thi"})") +
                chunk(R"({"content":"nk>a </thin"})") +
                chunk(R"({"content":"k>\n"})") +
                chunk(R"({"content":"\nyes <think>no</think>"})") + done_mark);
  REQUIRE(inlined.answer);
  CHECK(inlined.answer->text == "yes <think>no</think>");
  CHECK(inlined.streamed == "yes <think>no</think>");
  const auto similar =
    read(openai(), chunk(R"({"content":"<thin"})") + done_mark);
  REQUIRE(similar.answer);
  CHECK(similar.answer->text == "<thin");
}

TEST_CASE("chat: truncated, refused, filtered, tool calls are told apart") {
  const auto end = [](const std::string& stream) {
    const auto got = read(openai(), stream);
    REQUIRE(got.answer);
    return got.answer->end;
  };
  const auto text = chunk(R"({"content":"part"})");
  CHECK(end(text) == finish::truncated);
  CHECK(end(text + "data: {\"choices\":[{\"del") == finish::truncated);
  CHECK(end(text + chunk("{}", "\"length\"")) == finish::truncated);
  CHECK(end(text + chunk("{}", "\"content_filter\"")) == finish::filtered);
  CHECK(end(chunk(R"({"tool_calls":[{"index":0,"id":"t","function":)"
                  R"({"name":"f","arguments":"{}"}}]})") +
            chunk("{}", "\"tool_calls\"")) == finish::other);
  const auto refused =
    read(openai(), chunk(R"({"content":null,"refusal":"I can"})") +
                     chunk(R"({"refusal":"not"})") + chunk("{}", "\"stop\""));
  REQUIRE(refused.answer);
  CHECK(refused.answer->end == finish::refused);
  CHECK(refused.answer->refusal == "I cannot");
}

TEST_CASE("chat: a stream without an answer is a failure to try again") {
  for (const auto* stream : {"", ": hello\n\n", "data: [DONE]\n\n",
                             "data: {\"choices\":[]}\n\n", "\n\n"}) {
    const auto got = read(openai(), stream);
    REQUIRE(got.why);
    CHECK(got.why->kind == failure_class::retry);
    CHECK(got.why->code == failure_code::model);
    CHECK(got.why->what == "openai ended its stream without an answer");
  }
}

TEST_CASE("chat: errors inside the stream") {
  const auto why = [](const endpoint& where, const std::string& stream) {
    const auto got = read(where, stream);
    REQUIRE(got.why);
    return *got.why;
  };
  const auto text = chunk(R"({"content":"part"})");
  auto f =
    why(openai(), text + "data: {\"error\":{\"message\":\"Busy\",\"type\":"
                         "\"server_error\",\"code\":null}}\n\n");
  CHECK(f.kind == failure_class::retry);
  CHECK(f.what.find("(server_error): Busy") != std::string::npos);
  f = why(openai(), "data: {\"object\":\"error\",\"message\":\"no room\","
                    "\"type\":\"BadRequestError\",\"code\":400}\n\n");
  CHECK(f.kind == failure_class::fail);
  f = why(openai(), "data: {\"error\":{\"message\":\"pay\",\"type\":"
                    "\"insufficient_quota\"}}\n\n");
  CHECK(f.kind == failure_class::fail);
  CHECK(f.what.find("billing") != std::string::npos);
  f = why(openrouter(),
          ": OPENROUTER PROCESSING\n\n"
          "data: {\"id\":\"g\",\"provider\":\"x\",\"error\":{\"code\":502,"
          "\"message\":\"Provider \\u001b[31mdied\"},\"choices\":[{\"index\":0,"
          "\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}\n\n");
  CHECK(f.kind == failure_class::retry);
  CHECK(f.what.find("Provider ?[31mdied") != std::string::npos);
  f = why(openrouter(), chunk("{}", "\"error\""));
  CHECK(f.kind == failure_class::retry);
  f = why(openai(),
          "data: {\"error\":{\"message\":\"key sk-secret-key bad\"}}\n\n");
  CHECK(f.what.find("sk-secret-key") == std::string::npos);
}

TEST_CASE("chat: what cannot be read is a failure to try again") {
  for (const auto* bad :
       {"data: {\"choices\":[}\n\n", "data: hello\n\n", "data: [1,2]\n\n",
        "data: {\"choices\":[]} {}\n\n", "data: {\"id\":\"\xff\"}\n\n",
        "data: {\"choices\":[\n\n"}) {
    const auto got = read(openai(), chunk(R"({"content":"a"})") + bad);
    REQUIRE(got.why);
    CHECK(got.why->kind == failure_class::retry);
    CHECK(got.why->what.find("openai cannot be understood") == 0);
  }
}

TEST_CASE("chat: members of the wrong type do no harm") {
  const auto got = read(
    openai(),
    "data: {\"id\":7,\"model\":[],\"choices\":{},\"usage\":[]}\n\n"
    "data: {\"choices\":[null,3,{\"index\":\"x\",\"delta\":{\"content\":\"a\","
    "\"refusal\":5},\"finish_reason\":9},{\"delta\":[]}],\"usage\":"
    "{\"prompt_tokens\":-4,\"completion_tokens\":\"many\",\"cost\":-1,"
    "\"prompt_tokens_details\":null}}\n\n" +
      done_mark);
  REQUIRE(got.answer);
  CHECK(got.answer->text == "a");
  CHECK(got.answer->tokens.input_tokens == 0);
  CHECK(!got.answer->tokens.cost_usd);
}

TEST_CASE("openrouter: cost comes from the wire") {
  const auto got =
    read(openrouter(), ": OPENROUTER PROCESSING\n\n" +
                         chunk(R"({"content":"a"})", "\"stop\"") +
                         "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,"
                         "\"completion_tokens\":1,\"cost\":0.0125}}\n\n" +
                         done_mark);
  REQUIRE(got.answer);
  CHECK(got.answer->tokens.cost_usd == 0.0125);
}

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
    "{\"input_tokens\":5,\"input_tokens_details\":{\"cached_tokens\":1},"
    "\"output_tokens\":6,\"output_tokens_details\":{\"reasoning_tokens\":2}}}}"
    "\n\n");
  REQUIRE(got.answer);
  CHECK(got.answer->text == "Hey");
  CHECK(got.answer->end == finish::complete);
  CHECK(got.answer->request_id == "r1");
  CHECK(got.answer->tokens.input_tokens == 5);
  CHECK(got.answer->tokens.cached_tokens == 1);
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

TEST_CASE("decoder: only event streams are taken") {
  CHECK(make_decoder(openai(), "text/event-stream"));
  CHECK(make_decoder(openai(), "Text/Event-Stream ; charset=utf-8"));
  for (const auto* type :
       {"application/json", "", "text/html; charset=utf-8"}) {
    const auto made = make_decoder(openai(), type);
    REQUIRE(!made);
    CHECK(made.error().kind == failure_class::fail);
    CHECK(made.error().what.find("OPENAI_BASE_URL") != std::string::npos);
  }
}
