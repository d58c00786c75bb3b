#include "tests/unit/core/llm/decode.hpp"

using namespace pj;
using namespace pj::llm;
using namespace pj::llm::test;

namespace {

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
  CHECK(end(chunk("{}", "\"function_call\"")) == finish::other);
  CHECK(end(text + chunk("{}", "\"\"")) == finish::complete);
  CHECK(end(text + "data: [DONE] \n\n") == finish::complete);
  CHECK(end("data: {\"choices\":[],\"prompt_filter_results\":[{"
            "\"prompt_index\":0}]}\n\n" +
            text + chunk("{}", "\"stop\"")) == finish::complete);
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

TEST_CASE("decoder: no event is larger than allowed") {
  const std::string piece(1u << 20, 'x');
  auto made = *make_decoder(openai(), "text/event-stream");
  std::string text;
  result<done> fed = made->feed("data: ", text);
  for (int i = 0; fed && i < 20; ++i)
    fed = made->feed(piece, text);
  REQUIRE_FALSE(fed);
  CHECK(fed.error().what.find("too long") != std::string::npos);
  CHECK(text.empty());
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
