#include "apps/mock/speakers.hpp"
#include "core/json_text.hpp"

#include <nlohmann/json.hpp>

namespace pj::doubles {
namespace {

using nlohmann::json;

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
    auto text = typed_event(
      {{"type", "message_start"},
       {"message", whole_message(said(), json::array(), nullptr, 1)}});
    text += typed_event({{"type", "ping"}});
    if (!said().reasoning.empty())
      text += thinking();
    return text +
           typed_event({{"type", "content_block_start"},
                        {"index", block_},
                        {"content_block", {{"type", "text"}, {"text", ""}}}});
  }

  std::string piece(std::string_view text) override {
    return R"(event: content_block_delta
data: {"type":"content_block_delta","index":)" +
           std::to_string(block_) + R"(,"delta":{"type":"text_delta","text":)" +
           in_quotes(text) + "}}\n\n";
  }

  std::string close() override {
    json delta{{"stop_reason", messages_stop(said())},
               {"stop_sequence", nullptr}};
    if (!said().refusal.empty())
      delta["stop_details"] = {{"type", "refusal"},
                               {"category", nullptr},
                               {"explanation", said().refusal}};
    return typed_event({{"type", "content_block_stop"}, {"index", block_}}) +
           typed_event(
             {{"type", "message_delta"},
              {"delta", std::move(delta)},
              {"usage", messages_usage(said(), said().output_tokens)}}) +
           typed_event({{"type", "message_stop"}});
  }

  std::string trouble() override {
    return typed_event(
      {{"type", "error"},
       {"error", {{"type", "overloaded_error"}, {"message", "Overloaded"}}},
       {"request_id", "req_" + said().id}});
  }

private:
  std::string thinking() {
    const auto at = block_++;
    const auto delta = [at](json d) {
      return typed_event({{"type", "content_block_delta"},
                          {"index", at},
                          {"delta", std::move(d)}});
    };
    return typed_event(
             {{"type", "content_block_start"},
              {"index", at},
              {"content_block",
               {{"type", "thinking"}, {"thinking", ""}, {"signature", ""}}}}) +
           delta({{"type", "thinking_delta"}, {"thinking", said().reasoning}}) +
           delta({{"type", "signature_delta"}, {"signature", "bW9jaw=="}}) +
           typed_event({{"type", "content_block_stop"}, {"index", at}});
  }

  int block_ = 0;
};

} // namespace

std::unique_ptr<speaker>
make_messages_speaker(std::shared_ptr<const speech> what) {
  return std::make_unique<messages_speaker>(std::move(what));
}

std::string whole_messages(const speech& s) {
  auto content = json::array();
  if (!s.reasoning.empty())
    content.push_back({{"type", "thinking"},
                       {"thinking", s.reasoning},
                       {"signature", "bW9jaw=="}});
  if (!s.text.empty())
    content.push_back({{"type", "text"}, {"text", s.text}});
  return json_text(
    whole_message(s, std::move(content), messages_stop(s), s.output_tokens));
}

} // namespace pj::doubles
