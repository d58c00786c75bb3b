#include "core/llm/event_decoder.hpp"
#include "core/llm/json_view.hpp"
#include "core/llm/think_filter.hpp"

#include <array>

namespace pj::llm {

namespace {

using json_view::element;
using json_view::object;

finish finish_of(std::string_view reason) noexcept {
  if (reason == "stop" || reason == "eos" || reason == "end_turn" ||
      reason == "stop_sequence" || reason.empty())
    return finish::complete;
  if (reason == "length" || reason == "max_tokens" || reason == "model_length")
    return finish::truncated;
  if (reason == "content_filter")
    return finish::filtered;
  if (reason == "refusal")
    return finish::refused;
  return finish::other;
}

/// Chat Completions as OpenAI, Azure, OpenRouter and compatible servers stream
/// it.
class chat_decoder final : public event_decoder {
public:
  using event_decoder::event_decoder;

private:
  result<done> read(object event, std::string_view raw,
                    std::string& out) override;
  bool is_end_marker(std::string_view data) const noexcept override {
    return data.substr(0, 6) == "[DONE]";
  }
  std::string_view text_key() const noexcept override { return "\"content\""; }
  repeated_event::keys noise_keys() const noexcept override {
    static constexpr std::array<std::string_view, 1> padding = {
      "\"obfuscation\""};
    return padding;
  }
  void hear(std::string_view text, std::string& out) override;
  void flush(std::string& out) override;
  void read_choices(element choices, std::string& out);
  void read_choice(object choice, std::string& out);
  void read_content(element content, std::string& out);
  void read_usage(object usage);

  think_filter without_thoughts_;
};

result<done> chat_decoder::read(object event, std::string_view raw,
                                std::string& out) {
  bool failed = false;
  for (const auto [key, value] : event) {
    object inner;
    if (key == "choices")
      read_choices(value, out);
    else if (key == "usage" && value.get(inner) == simdjson::SUCCESS)
      read_usage(inner);
    else if (key == "id")
      name(json_view::text(value), {});
    else if (key == "model")
      name({}, json_view::text(value));
    else if (key == "error")
      failed = failed || !value.is_null();
    else if (key == "object")
      failed = failed || json_view::text(value) == "error";
  }
  if (failed || answer_.raw_finish == "error")
    return in_stream_error(raw);
  return done{};
}

void chat_decoder::read_choices(element choices, std::string& out) {
  simdjson::dom::array list;
  if (choices.get(list) != simdjson::SUCCESS)
    return;
  for (const auto item : list) {
    object choice;
    std::uint64_t index = 0;
    if (item.get(choice) != simdjson::SUCCESS)
      continue;
    json_view::read(choice, "index", index);
    if (index == 0)
      read_choice(choice, out);
  }
}

void chat_decoder::read_choice(object choice, std::string& out) {
  object delta;
  element value;
  if (json_view::get(choice, "delta", delta)) {
    if (delta.at_key("content").get(value) == simdjson::SUCCESS)
      read_content(value, out);
    if (const auto words = json_view::text(delta, "refusal"); !words.empty())
      decline(words);
  }
  std::string_view reason;
  if (choice.at_key("finish_reason").get(reason) == simdjson::SUCCESS)
    stop(finish_of(reason), reason);
}

/// A string; Mistral's reasoning models send parts, of which "text" counts.
void chat_decoder::read_content(element content, std::string& out) {
  simdjson::dom::array parts;
  if (content.get(parts) != simdjson::SUCCESS)
    return speak(json_view::text(content), out);
  for (const auto part : parts) {
    object inner;
    if (part.get(inner) == simdjson::SUCCESS &&
        json_view::text(inner, "type") == "text")
      speak(json_view::text(inner, "text"), out);
  }
}

void chat_decoder::hear(std::string_view text, std::string& out) {
  without_thoughts_(text, out);
}

void chat_decoder::flush(std::string& out) {
  without_thoughts_.finish(out);
}

void chat_decoder::read_usage(object usage) {
  using json_view::read;
  auto& t = answer_.tokens;
  read(usage, "prompt_tokens", t.input_tokens);
  read(usage, "completion_tokens", t.output_tokens);
  read(usage, "prompt_cache_hit_tokens", t.cached_tokens); // DeepSeek
  object details;
  if (json_view::get(usage, "prompt_tokens_details", details)) {
    read(details, "cached_tokens", t.cached_tokens);
    read(details, "cache_write_tokens", t.cache_write_tokens);
  }
  if (json_view::get(usage, "completion_tokens_details", details))
    read(details, "reasoning_tokens", t.reasoning_tokens);
  double cost = 0;
  if (usage.at_key("cost").get(cost) == simdjson::SUCCESS && cost >= 0)
    t.cost_usd = cost;
}

} // namespace

std::unique_ptr<decoder> make_chat_decoder(endpoint where) {
  return std::make_unique<chat_decoder>(std::move(where));
}

} // namespace pj::llm
