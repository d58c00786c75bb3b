#include "core/llm/models.hpp"
#include "core/llm/wire.hpp"
#include "mock_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace pj;
using namespace pj::test;
using nlohmann::json;

namespace {

llm::endpoint endpoint_of(const mock_world& world, provider_id provider,
                          llm::wire speaks) {
  const auto& u = world.doubles.urls();
  const auto base = provider == provider_id::anthropic    ? u.anthropic
                    : provider == provider_id::openrouter ? u.openrouter
                                                          : u.openai;
  return {provider, speaks, base, world.doubles.model_key()};
}

/// Asks with our own client's request and reads with its decoder.
llm::completion converse(mock_world& world, const llm::endpoint& where,
                         const std::string& task) {
  llm::chat chat;
  chat.model = "some-model";
  chat.system = "You are a mock.";
  chat.messages = {{llm::role::user, task, false}};
  const auto model =
    llm::model_table::built_in().find(where.provider, chat.model);
  const auto seen = world.send(llm::build_request(where, chat, model));
  INFO(seen.body);
  REQUIRE(seen.status == 200);
  REQUIRE_FALSE(seen.why);
  auto decoder =
    llm::make_decoder(where, find_header(seen.headers, "content-type"));
  REQUIRE(decoder);
  std::string text;
  REQUIRE((*decoder)->feed(seen.body, text));
  auto answer = (*decoder)->finish();
  if (!answer)
    FAIL(answer.error().what);
  return *std::move(answer);
}

const std::vector<std::pair<provider_id, llm::wire>> wires{
  {provider_id::openai, llm::wire::chat_completions},
  {provider_id::openai, llm::wire::responses},
  {provider_id::anthropic, llm::wire::messages},
  {provider_id::openrouter, llm::wire::chat_completions}};

std::string error_of(mock_world& world, http_request request, int status) {
  const auto seen = world.send(std::move(request));
  CAPTURE(seen.body);
  CHECK(seen.status == status);
  const auto body = parsed(seen);
  return body.is_object() && body.contains("error")
           ? body["error"].value("message", "")
           : "";
}

} // namespace

TEST_CASE("every dialect streams a scripted answer whole") {
  mock_world world;
  world.doubles.add_answer(
    "{match: greet, text: \"Gr\\u00fc\\u00dfe,\\n\\n  two lines \", "
    "reasoning: hm, input_tokens: 77, output_tokens: 11}");
  for (const auto& [provider, speaks] : wires) {
    CAPTURE(to_string(provider), static_cast<int>(speaks));
    const auto where = endpoint_of(world, provider, speaks);
    const auto answer = converse(world, where, "please GREET them");
    CHECK(answer.text == "Gr\xc3\xbc\xc3\x9f\x65,\n\n  two lines ");
    CHECK(answer.end == llm::finish::complete);
    CHECK(answer.tokens.input_tokens == 77);
    CHECK(answer.tokens.output_tokens == 11);
  }
}

TEST_CASE("every dialect tells how an answer ended") {
  mock_world world;
  world.doubles.add_answer("{match: cut, text: half, stop: length}");
  world.doubles.add_answer("{match: no, refusal: I will not}");
  for (const auto& [provider, speaks] : wires) {
    CAPTURE(to_string(provider), static_cast<int>(speaks));
    const auto where = endpoint_of(world, provider, speaks);
    CHECK(converse(world, where, "cut").end == llm::finish::truncated);
    CHECK(converse(world, where, "no").end == llm::finish::refused);
  }
}

TEST_CASE("answers are used as often as the script says, in order") {
  mock_options o;
  o.fixtures = R"(
answers:
  - {match: [fix, BUG], text: first, times: 1}
  - {match: bug, text: second}
)";
  mock_world world{o};
  const auto where =
    endpoint_of(world, provider_id::openai, llm::wire::chat_completions);
  CHECK(converse(world, where, "fix the bug").text == "first");
  CHECK(converse(world, where, "fix the bug").text == "second");
}

TEST_CASE("a request without stream gets one JSON object") {
  mock_world world;
  world.doubles.add_answer("{text: all of it}");
  const auto chat = parsed(world.send(world.question(chat_body("x"))));
  CHECK(chat["choices"][0]["message"]["content"] == "all of it");
  CHECK(chat["choices"][0]["finish_reason"] == "stop");
  const auto responses = parsed(
    world.send(world.question({{"model", "m"}, {"input", "x"}}, "/responses")));
  CHECK(responses["output"][0]["content"][0]["text"] == "all of it");
}

TEST_CASE("the model face refuses what the real ones refuse") {
  mock_options o;
  o.fixtures = "models: [gpt-4o, gpt-5]";
  mock_world world{o};
  const auto refused = [&](const json& body, int status = 400) {
    return error_of(world, world.question(body), status);
  };
  CHECK(refused(chat_body("x", {{"model", "other"}}), 404) ==
        "The model `other` does not exist or you do not have access to it.");
  CHECK(refused(chat_body("x", {{"colour", 1}})) ==
        "Unknown parameter: 'colour'.");
  CHECK(refused({{"messages", json::array()}}) ==
        "you must provide a model parameter");
  CHECK(refused({{"model", "gpt-4o"}}) ==
        "Missing required parameter: 'messages'.");
  CHECK(refused(chat_body("x", {{"messages", json::array()}}))
          .starts_with("Invalid 'messages': empty array."));
  CHECK(refused(chat_body("x", {{"stream", "yes"}})) ==
        "Invalid type for 'stream': expected boolean.");
  CHECK(refused(chat_body("x", {{"stream_options", json::object()}}))
          .starts_with("The 'stream_options' parameter is only allowed"));
  CHECK(refused(chat_body("x", {{"max_tokens", 0}}))
          .starts_with("Invalid 'max_tokens'"));
  CHECK(refused(chat_body("x", {{"model", "gpt-5"}, {"max_tokens", 9}}))
          .starts_with("Unsupported parameter: 'max_tokens'"));
  CHECK(
    refused(chat_body("x", {{"model", "gpt-5"}, {"temperature", 0.2}}))
      .starts_with("Unsupported value: 'temperature' does not support 0.2"));
  CHECK(error_of(world,
                 world.question(
                   {{"model", "gpt-5"}, {"input", "x"}, {"temperature", 0.2}},
                   "/responses"),
                 400)
          .starts_with("Unsupported value: 'temperature'"));
  CHECK(error_of(world, world.question(chat_body("x"), "/nothing"), 404) ==
        "Invalid URL (POST /v1/nothing)");
}

TEST_CASE("Azure's addresses begin with the filter's results") {
  mock_world world;
  const auto url = [&](const std::string& path) {
    const auto& base = world.doubles.urls().openai;
    return base.substr(0, base.rfind("/v1")) + "/openai/" + path;
  };
  const std::string dated = "deployments/mine/chat/completions";
  for (const auto& path : {std::string("v1/chat/completions"),
                           dated + "?api-version=2024-10-21"}) {
    auto request = world.question(chat_body("x", {{"stream", true}}));
    request.url = url(path);
    const auto seen = world.send(request);
    CHECK(seen.status == 200);
    CHECK(seen.body.substr(0, seen.body.find('\n'))
            .find("\"prompt_filter_results\"") != std::string::npos);
    CHECK(seen.body.find("\"choices\":[],") < seen.body.find('\n'));
  }
  auto request = world.question(chat_body("x"));
  request.url = url(dated);
  CHECK(error_of(world, request, 404) == "Resource not found");
}

TEST_CASE("the model face wants the key and JSON") {
  mock_world world;
  auto request = world.question(chat_body("x"));
  request.headers[0].value = "Bearer wrong";
  CHECK(error_of(world, request, 401) == "Incorrect API key provided.");
  request.headers.erase(request.headers.begin());
  CHECK(error_of(world, request, 401).starts_with("You didn't provide"));
  request = world.question(chat_body("x"));
  request.headers[1].value = "text/plain";
  CHECK(error_of(world, request, 400) ==
        "Content-Type must be application/json");
  request = world.question(chat_body("x"));
  request.body = std::make_shared<const std::string>("{\"model\":");
  CHECK(error_of(world, request, 400).starts_with("We could not parse"));
}

TEST_CASE("the Messages dialect wants its version and its fields") {
  mock_world world;
  const auto send = [&](const json& body, const std::string& version,
                        int status) {
    auto r = post(world.doubles.urls().anthropic + "/v1/messages", body.dump());
    r.headers = {{"x-api-key", world.doubles.model_key()},
                 {"content-type", "application/json"}};
    if (!version.empty())
      r.headers.push_back({"anthropic-version", version});
    return error_of(world, r, status);
  };
  const auto good = chat_body("x", {{"max_tokens", 5}});
  CHECK(send(good, "", 400) == "anthropic-version: header is required");
  CHECK(send(good, "2020-01-01", 400) ==
        "anthropic-version: \"2020-01-01\" is not a valid version");
  CHECK(send(chat_body("x"), "2023-06-01", 400) ==
        "max_tokens: Field required");
  auto warm = good;
  warm["temperature"] = 1.0;
  CHECK(send(warm, "2023-06-01", 200).empty());
  CHECK(send(warm, "2026-10-21", 400) ==
        "temperature: Extra inputs are not permitted");
  const auto with_block = [](const char* role, const json& block) {
    return chat_body("x",
                     {{"max_tokens", 5},
                      {"messages",
                       {{{"role", "user"}, {"content", "x"}},
                        {{"role", role}, {"content", json::array({block})}}}}});
  };
  const auto document = with_block("assistant", {{"type", "document"}});
  CHECK(send(document, "2023-06-01", 200).empty());
  CHECK(send(document, "2026-10-21", 400) ==
        "messages.1.content.0: document blocks are not permitted in assistant "
        "messages");
  const auto citing = [&](const json& citations) {
    return with_block(
      "user", {{"type", "text"}, {"text", "t"}, {"citations", citations}});
  };
  CHECK(send(citing(json::array()), "2026-10-21", 200).empty());
  CHECK(send(citing(json::array({{{"type", "x"}}})), "2026-10-21", 400) ==
        "messages.1.content.0.citations: must be empty in user messages");
}
