#include "apps/mock/model_wire.hpp"

#include <nlohmann/json.hpp>

namespace pj::doubles {
namespace {

using nlohmann::json;

std::string quoted(std::string_view text) {
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string data(const std::string& payload) {
  return "data: " + payload + "\n\n";
}

std::string event(const json& payload) {
  return "event: " + payload.at("type").get<std::string>() +
         "\ndata: " + payload.dump() + "\n\n";
}

// --- Chat Completions and OpenRouter ---

std::string chat_id(const speech& s) {
  return (s.speaks == dialect::openrouter ? "gen-" : "chatcmpl-") + s.id;
}

std::string chat_stop(const speech& s) {
  return s.stop == "refusal" || s.stop == "pause" ? "stop" : s.stop;
}

json chat_usage(const speech& s) {
  json usage{
    {"prompt_tokens", s.input_tokens},
    {"completion_tokens", s.output_tokens},
    {"total_tokens", s.input_tokens + s.output_tokens},
    {"prompt_tokens_details", {{"cached_tokens", 0}, {"audio_tokens", 0}}},
    {"completion_tokens_details",
     {{"reasoning_tokens", s.reasoning.size() / 4},
      {"audio_tokens", 0},
      {"accepted_prediction_tokens", 0},
      {"rejected_prediction_tokens", 0}}}};
  if (s.speaks == dialect::openrouter) {
    usage["cost"] = static_cast<double>(s.input_tokens) * 2e-6 +
                    static_cast<double>(s.output_tokens) * 8e-6;
    usage["is_byok"] = false;
    usage["cost_details"] = {{"upstream_inference_cost", nullptr}};
  }
  return usage;
}

class chat_speaker final : public speaker {
public:
  explicit chat_speaker(std::shared_ptr<const speech> what)
    : speaker(std::move(what)), router_(said().speaks == dialect::openrouter) {
    auto head = chunk();
    head.erase("choices");
    prefix_ = head.dump();
    prefix_.back() = ',';
    prefix_ += R"("choices":[{"index":0,"delta":{"content":)";
    suffix_ = R"(},"logprobs":null,"finish_reason":null)";
    suffix_ += router_ ? R"(,"native_finish_reason":null}])" : "}]";
    if (!router_ && said().include_usage)
      suffix_ += R"(,"usage":null)";
    if (!router_ && said().obfuscated)
      suffix_ += R"(,"obfuscation":"mOcK")";
    suffix_ += "}\n\n";
  }

  std::string open() override {
    std::string text = router_ ? ": OPENROUTER PROCESSING\n\n" : "";
    text += with_delta(
      {{"role", "assistant"}, {"content", ""}, {"refusal", nullptr}});
    if (!said().reasoning.empty())
      text += with_delta(
        {{router_ ? "reasoning" : "reasoning_content", said().reasoning}});
    if (!said().refusal.empty())
      text += with_delta({{"refusal", said().refusal}});
    return text;
  }

  std::string piece(std::string_view text) override {
    return "data: " + prefix_ + quoted(text) + suffix_;
  }

  std::string close() override {
    auto last = chunk();
    auto& choice = last["choices"][0];
    choice["delta"] = json::object();
    choice["finish_reason"] = chat_stop(said());
    if (router_) {
      choice["native_finish_reason"] = chat_stop(said());
      choice["delta"] = {{"role", "assistant"}, {"content", ""}};
    } else if (said().include_usage) {
      last["usage"] = nullptr;
    }
    auto text = data(last.dump());
    if (router_ || said().include_usage) {
      auto usage = chunk();
      if (!router_)
        usage["choices"] = json::array();
      usage["usage"] = chat_usage(said());
      text += data(usage.dump());
    }
    return text + "data: [DONE]\n\n";
  }

  std::string trouble() override {
    if (!router_)
      return data(model_error(dialect::chat, 500,
                              "The server had an error while processing your "
                              "request. Sorry about that!"));
    auto last = chunk();
    last["error"] = {{"code", 502}, {"message", "Provider disconnected"}};
    last["choices"][0]["finish_reason"] = "error";
    last["choices"][0]["native_finish_reason"] = "error";
    return data(last.dump());
  }

private:
  json chunk() const {
    json c{{"id", chat_id(said())},
           {"object", "chat.completion.chunk"},
           {"created", said().created},
           {"model", said().model},
           {"choices",
            json::array({{{"index", 0},
                          {"delta", {{"role", "assistant"}, {"content", ""}}},
                          {"logprobs", nullptr},
                          {"finish_reason", nullptr}}})}};
    if (router_) {
      c["provider"] = "Mock";
      c["choices"][0]["native_finish_reason"] = nullptr;
    } else {
      c["service_tier"] = "default";
      c["system_fingerprint"] = "fp_mock";
    }
    return c;
  }

  std::string with_delta(json delta) const {
    auto c = chunk();
    c["choices"][0]["delta"] = std::move(delta);
    if (!router_ && said().include_usage)
      c["usage"] = nullptr;
    return data(c.dump());
  }

  const bool router_;
  std::string prefix_;
  std::string suffix_;
};

std::string whole_chat(const speech& s) {
  json message{{"role", "assistant"},
               {"content", s.refusal.empty() ? json(s.text) : json{}},
               {"refusal", s.refusal.empty() ? json{} : json(s.refusal)}};
  json out{{"id", chat_id(s)},
           {"object", "chat.completion"},
           {"created", s.created},
           {"model", s.model},
           {"choices", json::array({{{"index", 0},
                                     {"message", message},
                                     {"logprobs", nullptr},
                                     {"finish_reason", chat_stop(s)}}})},
           {"usage", chat_usage(s)}};
  if (s.speaks == dialect::openrouter) {
    out["provider"] = "Mock";
    out["choices"][0]["native_finish_reason"] = chat_stop(s);
  }
  return out.dump();
}

// --- Anthropic Messages ---

json messages_usage(const speech& s, std::uint64_t output) {
  return {
    {"input_tokens", s.input_tokens},
    {"cache_creation_input_tokens", 0},
    {"cache_read_input_tokens", 0},
    {"cache_creation",
     {{"ephemeral_5m_input_tokens", 0}, {"ephemeral_1h_input_tokens", 0}}},
    {"output_tokens", output},
    {"service_tier", "standard"}};
}

std::string messages_stop(const speech& s) {
  if (!s.refusal.empty() || s.stop == "refusal" || s.stop == "content_filter")
    return "refusal";
  return s.stop == "length"  ? "max_tokens"
         : s.stop == "pause" ? "pause_turn"
                             : "end_turn";
}

json whole_message(const speech& s, json content, json stop,
                   std::uint64_t output) {
  return {
    {"id", "msg_" + s.id},           {"type", "message"},
    {"role", "assistant"},           {"model", s.model},
    {"content", std::move(content)}, {"stop_reason", std::move(stop)},
    {"stop_sequence", nullptr},      {"usage", messages_usage(s, output)}};
}

class messages_speaker final : public speaker {
public:
  explicit messages_speaker(std::shared_ptr<const speech> what)
    : speaker(std::move(what)) {}

  std::string open() override {
    auto text =
      event({{"type", "message_start"},
             {"message", whole_message(said(), json::array(), nullptr, 1)}});
    text += event({{"type", "ping"}});
    if (!said().reasoning.empty())
      text += thinking();
    return text + event({{"type", "content_block_start"},
                         {"index", block_},
                         {"content_block", {{"type", "text"}, {"text", ""}}}});
  }

  std::string piece(std::string_view text) override {
    return R"(event: content_block_delta
data: {"type":"content_block_delta","index":)" +
           std::to_string(block_) + R"(,"delta":{"type":"text_delta","text":)" +
           quoted(text) + "}}\n\n";
  }

  std::string close() override {
    json delta{{"stop_reason", messages_stop(said())},
               {"stop_sequence", nullptr}};
    if (!said().refusal.empty())
      delta["stop_details"] = {{"type", "refusal"},
                               {"category", nullptr},
                               {"explanation", said().refusal}};
    return event({{"type", "content_block_stop"}, {"index", block_}}) +
           event({{"type", "message_delta"},
                  {"delta", std::move(delta)},
                  {"usage", messages_usage(said(), said().output_tokens)}}) +
           event({{"type", "message_stop"}});
  }

  std::string trouble() override {
    return event(
      {{"type", "error"},
       {"error", {{"type", "overloaded_error"}, {"message", "Overloaded"}}},
       {"request_id", "req_" + said().id}});
  }

private:
  std::string thinking() {
    const auto at = block_++;
    const auto delta = [at](json d) {
      return event({{"type", "content_block_delta"},
                    {"index", at},
                    {"delta", std::move(d)}});
    };
    return event(
             {{"type", "content_block_start"},
              {"index", at},
              {"content_block",
               {{"type", "thinking"}, {"thinking", ""}, {"signature", ""}}}}) +
           delta({{"type", "thinking_delta"}, {"thinking", said().reasoning}}) +
           delta({{"type", "signature_delta"}, {"signature", "bW9jaw=="}}) +
           event({{"type", "content_block_stop"}, {"index", at}});
  }

  int block_ = 0;
};

// --- OpenAI Responses ---

json output_item(const speech& s, const char* status, bool filled) {
  auto content = json::array();
  if (filled && !s.refusal.empty())
    content.push_back({{"type", "refusal"}, {"refusal", s.refusal}});
  else if (filled)
    content.push_back({{"type", "output_text"},
                       {"text", s.text},
                       {"annotations", json::array()},
                       {"logprobs", json::array()}});
  return {{"id", "msg_" + s.id},
          {"type", "message"},
          {"status", status},
          {"role", "assistant"},
          {"content", std::move(content)}};
}

json response_object(const speech& s, const std::string& status) {
  json r{{"id", "resp_" + s.id},
         {"object", "response"},
         {"created_at", s.created},
         {"status", status},
         {"background", false},
         {"error", nullptr},
         {"incomplete_details", nullptr},
         {"instructions", nullptr},
         {"metadata", json::object()},
         {"model", s.model},
         {"output", json::array()},
         {"parallel_tool_calls", true},
         {"temperature", 1.0},
         {"tool_choice", "auto"},
         {"tools", json::array()},
         {"top_p", 1.0},
         {"usage", nullptr}};
  if (status == "in_progress")
    return r;
  r["output"].push_back(
    output_item(s, status == "completed" ? "completed" : "incomplete", true));
  r["usage"] = {
    {"input_tokens", s.input_tokens},
    {"input_tokens_details", {{"cached_tokens", 0}}},
    {"output_tokens", s.output_tokens},
    {"output_tokens_details", {{"reasoning_tokens", s.reasoning.size() / 4}}},
    {"total_tokens", s.input_tokens + s.output_tokens}};
  if (status == "incomplete")
    r["incomplete_details"] = {
      {"reason", s.stop == "length" ? "max_output_tokens" : "content_filter"}};
  return r;
}

std::string response_status(const speech& s) {
  return s.stop == "length" || s.stop == "content_filter" ? "incomplete"
                                                          : "completed";
}

class responses_speaker final : public speaker {
public:
  explicit responses_speaker(std::shared_ptr<const speech> what)
    : speaker(std::move(what)) {}

  std::string open() override {
    const auto r = response_object(said(), "in_progress");
    auto text = numbered({{"type", "response.created"}, {"response", r}}) +
                numbered({{"type", "response.in_progress"}, {"response", r}});
    if (!said().reasoning.empty())
      text += reasoning();
    text += numbered({{"type", "response.output_item.added"},
                      {"output_index", index_},
                      {"item", output_item(said(), "in_progress", false)}}) +
            numbered(placed({{"type", "response.content_part.added"},
                             {"part", part(false)}}));
    if (!said().refusal.empty())
      text += numbered(placed(
        {{"type", "response.refusal.delta"}, {"delta", said().refusal}}));
    return text;
  }

  std::string piece(std::string_view text) override {
    return "event: response.output_text.delta\ndata: "
           R"({"type":"response.output_text.delta","content_index":0,"delta":)" +
           quoted(text) + R"(,"item_id":"msg_)" + said().id +
           R"(","logprobs":[],"output_index":)" + std::to_string(index_) +
           R"(,"sequence_number":)" + std::to_string(sequence_++) + "}\n\n";
  }

  std::string close() override {
    const auto status = response_status(said());
    auto done =
      said().refusal.empty()
        ? json{{"type", "response.output_text.done"},
               {"text", said().text},
               {"logprobs", json::array()}}
        : json{{"type", "response.refusal.done"}, {"refusal", said().refusal}};
    return numbered(placed(std::move(done))) +
           numbered(placed(
             {{"type", "response.content_part.done"}, {"part", part(true)}})) +
           numbered({{"type", "response.output_item.done"},
                     {"output_index", index_},
                     {"item", output_item(said(), "completed", true)}}) +
           numbered({{"type", "response." + status},
                     {"response", response_object(said(), status)}});
  }

  std::string trouble() override {
    return numbered({{"type", "error"},
                     {"code", "server_error"},
                     {"message", "The server had an error."},
                     {"param", nullptr}});
  }

private:
  std::string numbered(json payload) {
    payload["sequence_number"] = sequence_++;
    return event(payload);
  }

  json placed(json payload) const {
    payload["item_id"] = "msg_" + said().id;
    payload["output_index"] = index_;
    payload["content_index"] = 0;
    return payload;
  }

  json part(bool filled) const {
    if (!said().refusal.empty())
      return {{"type", "refusal"}, {"refusal", filled ? said().refusal : ""}};
    return {{"type", "output_text"},
            {"text", filled ? said().text : ""},
            {"annotations", json::array()},
            {"logprobs", json::array()}};
  }

  std::string reasoning() {
    const auto at = index_++;
    json item{{"id", "rs_" + said().id},
              {"type", "reasoning"},
              {"summary", json::array()}};
    return numbered({{"type", "response.output_item.added"},
                     {"output_index", at},
                     {"item", item}}) +
           numbered({{"type", "response.reasoning_summary_text.delta"},
                     {"item_id", item["id"]},
                     {"output_index", at},
                     {"summary_index", 0},
                     {"delta", said().reasoning}}) +
           numbered({{"type", "response.output_item.done"},
                     {"output_index", at},
                     {"item", item}});
  }

  int index_ = 0;
  std::uint64_t sequence_ = 0;
};

std::string whole_messages(const speech& s) {
  auto content = json::array();
  if (!s.reasoning.empty())
    content.push_back({{"type", "thinking"},
                       {"thinking", s.reasoning},
                       {"signature", "bW9jaw=="}});
  if (!s.text.empty())
    content.push_back({{"type", "text"}, {"text", s.text}});
  return whole_message(s, std::move(content), messages_stop(s), s.output_tokens)
    .dump();
}

} // namespace

std::string speaker::nonsense() const {
  return said().speaks == dialect::messages ||
             said().speaks == dialect::responses
           ? "event: content_block_delta\ndata: {\"type\":\"content_\n\n"
           : "data: {\"id\":\"chatcmpl-\n\n";
}

std::unique_ptr<speaker> make_speaker(std::shared_ptr<const speech> what) {
  switch (what->speaks) {
  case dialect::messages:
    return std::make_unique<messages_speaker>(std::move(what));
  case dialect::responses:
    return std::make_unique<responses_speaker>(std::move(what));
  case dialect::chat:
  case dialect::openrouter:
    break;
  }
  return std::make_unique<chat_speaker>(std::move(what));
}

std::string whole_answer(const speech& what) {
  switch (what.speaks) {
  case dialect::messages:
    return whole_messages(what);
  case dialect::responses:
    return response_object(what, response_status(what)).dump();
  case dialect::chat:
  case dialect::openrouter:
    break;
  }
  return whole_chat(what);
}

} // namespace pj::doubles
