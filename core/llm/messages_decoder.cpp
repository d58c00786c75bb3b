#include "core/llm/event_decoder.hpp"
#include "core/llm/json_view.hpp"

namespace pj::llm {

namespace {

using json_view::object;

finish finish_of(std::string_view reason) noexcept {
  if (reason == "end_turn" || reason == "stop_sequence")
    return finish::complete;
  if (reason == "max_tokens" || reason == "model_context_window_exceeded")
    return finish::truncated;
  if (reason == "refusal")
    return finish::refused;
  if (reason == "pause_turn")
    return finish::paused;
  return finish::other;
}

/// Anthropic Messages. Unknown events, blocks and deltas are ignored, as the
/// provider's versioning policy asks.
class messages_decoder final : public event_decoder {
public:
  using event_decoder::event_decoder;

private:
  result<done> read(object event, std::string_view raw,
                    std::string& out) override;
  std::string_view text_key() const noexcept override { return "\"text\""; }
  void read_start(object message);
  void read_end(object event);
  void read_usage(object usage);

  std::string reason_;
  std::string explanation_;
  std::uint64_t fresh_tokens_ = 0; ///< input that no cache had a part in
};

result<done> messages_decoder::read(object event, std::string_view raw,
                                    std::string& out) {
  const auto type = json_view::text(event, "type");
  object inner;
  if (type == "content_block_delta") {
    if (json_view::get(event, "delta", inner) &&
        json_view::text(inner, "type") == "text_delta")
      speak(json_view::text(inner, "text"), out);
  } else if (type == "content_block_start") {
    if (json_view::get(event, "content_block", inner) &&
        json_view::text(inner, "type") == "text")
      speak(json_view::text(inner, "text"), out);
  } else if (type == "message_start") {
    if (json_view::get(event, "message", inner))
      read_start(inner);
  } else if (type == "message_delta") {
    read_end(event);
  } else if (type == "message_stop") {
    finished_ = true;
    if (finish_of(reason_) == llm::finish::refused)
      decline(explanation_);
    stop(finish_of(reason_), reason_);
  } else if (type == "error") {
    return in_stream_error(raw);
  }
  return done{};
}

void messages_decoder::read_start(object message) {
  name(json_view::text(message, "id"), json_view::text(message, "model"));
  object usage;
  if (json_view::get(message, "usage", usage))
    read_usage(usage);
}

void messages_decoder::read_end(object event) {
  object inner;
  object details;
  if (json_view::get(event, "delta", inner)) {
    if (const auto why = json_view::text(inner, "stop_reason"); !why.empty())
      reason_ = why;
    if (json_view::get(inner, "stop_details", details)) {
      explanation_ = json_view::text(details, "explanation");
      if (explanation_.empty())
        explanation_ = json_view::text(details, "category");
    }
  }
  if (json_view::get(event, "usage", inner))
    read_usage(inner);
}

/// Counts are cumulative: a later one replaces an earlier one.
void messages_decoder::read_usage(object usage) {
  using json_view::read;
  auto& t = answer_.tokens;
  read(usage, "input_tokens", fresh_tokens_);
  read(usage, "cache_creation_input_tokens", t.cache_write_tokens);
  read(usage, "cache_read_input_tokens", t.cached_tokens);
  read(usage, "output_tokens", t.output_tokens);
  object details;
  if (json_view::get(usage, "output_tokens_details", details)) {
    read(details, "thinking_tokens", t.reasoning_tokens);
    read(details, "reasoning_tokens", t.reasoning_tokens);
  }
  t.input_tokens = fresh_tokens_ + t.cache_write_tokens + t.cached_tokens;
}

} // namespace

std::unique_ptr<decoder> make_messages_decoder(endpoint where) {
  return std::make_unique<messages_decoder>(std::move(where));
}

} // namespace pj::llm
