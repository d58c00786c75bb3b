#include "core/llm/models.hpp"
#include "core/llm/wire.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

using namespace pj;
using namespace pj::llm;
using nlohmann::json;

namespace {

struct asked {
  http_request request;
  json body;
  std::string header(std::string_view name) const {
    return std::string(find_header(request.headers, name));
  }
};

asked ask(provider_id provider, wire speaks, std::string base, llm::chat what) {
  const auto entry = model_table::built_in().find(provider, what.model);
  asked out{
    build_request({provider, speaks, std::move(base), "KEY"}, what, entry), {}};
  out.body = json::parse(*out.request.body);
  return out;
}

llm::chat question(std::string model) {
  llm::chat out;
  out.model = std::move(model);
  out.system = "Be brief.";
  out.messages = {{role::user, "Hi", true},
                  {role::assistant, "Hello", false},
                  {role::user, "Go on", false}};
  return out;
}

asked ask_openai(const std::string& base, const std::string& model) {
  return ask(provider_id::openai, wire::chat_completions, base,
             question(model));
}

} // namespace

TEST_CASE("request: OpenAI chat completions") {
  const auto got = ask_openai("https://api.openai.com/v1", "gpt-4o");
  CHECK(got.request.method == "POST");
  CHECK(got.request.url == "https://api.openai.com/v1/chat/completions");
  CHECK(got.header("authorization") == "Bearer KEY");
  CHECK(got.header("content-type") == "application/json");
  CHECK(got.header("accept") == "text/event-stream");
  CHECK(got.body["model"] == "gpt-4o");
  CHECK(got.body["stream"] == true);
  CHECK(got.body["stream_options"]["include_usage"] == true);
  CHECK(got.body["max_completion_tokens"] == 16384);
  CHECK(!got.body.contains("temperature"));
  CHECK(got.body["messages"] ==
        json::parse(R"([{"role":"system","content":"Be brief."},
                           {"role":"user","content":"Hi"},
                           {"role":"assistant","content":"Hello"},
                           {"role":"user","content":"Go on"}])"));
}

TEST_CASE("request: model entries decide role, token field, temperature") {
  auto what = question("gpt-5-mini");
  what.temperature = 0.2;
  what.max_output_tokens = 100;
  auto got =
    ask(provider_id::openai, wire::chat_completions, "http://h/v1/", what);
  CHECK(got.request.url == "http://h/v1/chat/completions");
  CHECK(got.body["messages"][0]["role"] == "developer");
  CHECK(!got.body.contains("temperature"));
  CHECK(got.body["max_completion_tokens"] == 100);
  what.model = "llama-local";
  what.max_output_tokens = 1'000'000;
  got = ask(provider_id::openai, wire::chat_completions, "http://h/v1", what);
  CHECK(got.body["messages"][0]["role"] == "system");
  CHECK(got.body["temperature"] == 0.2);
  CHECK(got.body["max_tokens"] == 8192);
  CHECK(!got.body.contains("max_completion_tokens"));
}

TEST_CASE("request: Anthropic messages") {
  const auto got =
    ask(provider_id::anthropic, wire::messages, "https://api.anthropic.com",
        question("claude-sonnet-4-5"));
  CHECK(got.request.url == "https://api.anthropic.com/v1/messages");
  CHECK(got.header("x-api-key") == "KEY");
  CHECK(got.header("anthropic-version") == "2023-06-01");
  CHECK(got.header("authorization").empty());
  CHECK(got.body["max_tokens"] == 32000);
  CHECK(got.body["system"] == json::parse(R"([{"type":"text","text":"Be brief.",
                            "cache_control":{"type":"ephemeral"}}])"));
  CHECK(got.body["messages"][0]["content"][0]["cache_control"]["type"] ==
        "ephemeral");
  CHECK(!got.body["messages"][2]["content"][0].contains("cache_control"));
  CHECK(!got.body.contains("stream_options"));
}

TEST_CASE("request: Anthropic takes four cache marks and none on nothing") {
  auto what = question("claude-x");
  what.system = {};
  what.messages = {{role::user, "1", true},
                   {role::user, "2", true},
                   {role::user, "3", true},
                   {role::user, "4", true},
                   {role::user, "", true}};
  const auto got =
    ask(provider_id::anthropic, wire::messages, "http://h/v1", what);
  CHECK(got.request.url == "http://h/v1/messages");
  CHECK(!got.body.contains("system"));
  std::string marked;
  for (const auto& m : got.body["messages"])
    marked += m["content"][0].contains("cache_control") ? 'x' : '.';
  CHECK(marked == "..xx.");
}

TEST_CASE("request: OpenAI Responses") {
  const auto got =
    ask(provider_id::openai, wire::responses, "http://h/v1", question("gpt-5"));
  CHECK(got.request.url == "http://h/v1/responses");
  CHECK(got.body["instructions"] == "Be brief.");
  CHECK(got.body["input"].size() == 3);
  CHECK(got.body["max_output_tokens"] == 32768);
  CHECK(got.body["store"] == false);
}

TEST_CASE("request: OpenRouter") {
  auto got = ask(provider_id::openrouter, wire::chat_completions,
                 "https://openrouter.ai/api/v1",
                 question("anthropic/claude-sonnet-4.5"));
  CHECK(got.request.url == "https://openrouter.ai/api/v1/chat/completions");
  CHECK(got.header("authorization") == "Bearer KEY");
  CHECK(!got.header("http-referer").empty());
  CHECK(got.header("x-title") == "Pithy Jaunt");
  CHECK(!got.body.contains("stream_options"));
  CHECK(got.body["max_tokens"] == 32000);
  CHECK(got.body["messages"][0]["content"][0].contains("cache_control"));
  CHECK(got.body["messages"][1]["content"][0].contains("cache_control"));
  got = ask(provider_id::openrouter, wire::chat_completions, "http://h/v1",
            question("openai/gpt-4o"));
  CHECK(got.body["messages"][0]["content"] == "Be brief.");
}

TEST_CASE("request: Azure's two forms") {
  auto got = ask_openai("https://me.openai.azure.com/openai/deployments/d1"
                        "?api-version=2024-10-21",
                        "gpt-4o");
  CHECK(got.request.url ==
        "https://me.openai.azure.com/openai/deployments/d1/chat/completions"
        "?api-version=2024-10-21");
  CHECK(got.header("api-key") == "KEY");
  CHECK(got.header("authorization").empty());
  got = ask_openai("https://ME.OpenAI.azure.com/openai/v1/", "gpt-4o");
  CHECK(got.request.url ==
        "https://ME.OpenAI.azure.com/openai/v1/chat/completions");
  CHECK(got.header("api-key") == "KEY");
  got = ask_openai("https://api.groq.com/openai/v1", "llama");
  CHECK(got.header("authorization") == "Bearer KEY");
  got =
    ask_openai("http://127.0.0.1:9/openai/deployments/d?api-version=1", "x");
  CHECK(got.request.url ==
        "http://127.0.0.1:9/openai/deployments/d/chat/completions"
        "?api-version=1");
  CHECK(got.header("api-key") == "KEY");
}

TEST_CASE("request: text that is not UTF-8 still makes a body") {
  auto what = question("gpt-4o");
  what.messages[0].text = "a\xff"
                          "b";
  const auto got =
    ask(provider_id::openai, wire::chat_completions, "http://h", what);
  CHECK(got.body["messages"][1]["content"] == "a\xef\xbf\xbd"
                                              "b");
}

TEST_CASE("request: whether a key is good costs nothing") {
  const auto url = [](provider_id p, wire w, const char* base) {
    return key_request({p, w, base, "KEY"}).url;
  };
  const auto chat = wire::chat_completions;
  CHECK(url(provider_id::openai, chat, "https://h/v1") ==
        "https://h/v1/models");
  CHECK(url(provider_id::openai, chat, "https://h/v1?api-version=1") ==
        "https://h/v1/models?api-version=1");
  CHECK(url(provider_id::openrouter, chat, "https://h/api/v1") ==
        "https://h/api/v1/key");
  CHECK(url(provider_id::anthropic, wire::messages, "https://h") ==
        "https://h/v1/models");
  CHECK(url(provider_id::anthropic, wire::messages, "https://h/v1") ==
        "https://h/v1/models");
  const auto request =
    key_request({provider_id::anthropic, wire::messages, "https://h", "KEY"});
  CHECK(request.method == "GET");
  CHECK(!request.body);
  CHECK(find_header(request.headers, "x-api-key") == "KEY");
}
