#include "core/llm/event_decoder.hpp"
#include "core/llm/json_view.hpp"
#include "core/text.hpp"

#include <array>

namespace pj::llm {

namespace {

using json_view::object;

/// OpenAI Responses: every event says its type; there is no end marker besides
/// the terminal events.
class responses_decoder final : public event_decoder {
public:
  using event_decoder::event_decoder;

private:
  result<done> read(object event, std::string_view raw,
                    std::string& out) override;
  std::string_view text_key() const noexcept override { return "\"delta\""; }
  repeated_event::keys noise_keys() const noexcept override {
    static constexpr std::array<std::string_view, 2> count_and_padding = {
      "\"sequence_number\"", "\"obfuscation\""};
    return count_and_padding;
  }
  result<done> read_end(std::string_view type, object response,
                        std::string& out);
  llm::finish reason_of(std::string_view type, object response,
                        std::string_view& raw) const;
  void read_output(object response, std::string& out);
  void read_item(object item, std::string& out);
  void read_usage(object usage);

  bool called_tool_ = false;
};

result<done> responses_decoder::read(object event, std::string_view raw,
                                     std::string& out) {
  const auto type = json_view::text(event, "type");
  if (type == "response.output_text.delta") {
    speak(json_view::text(event, "delta"), out);
    return done{};
  }
  if (type == "response.refusal.delta") {
    decline(json_view::text(event, "delta"));
    return done{};
  }
  if (type == "error" || (type.empty() && read_error(raw)))
    return in_stream_error(raw);
  object response;
  if (!json_view::get(event, "response", response))
    return done{};
  name(json_view::text(response, "id"), json_view::text(response, "model"));
  if (type == "response.completed" || type == "response.incomplete" ||
      type == "response.failed" || type == "response.cancelled")
    return read_end(type.substr(type.find('.') + 1), response, out);
  return done{};
}

result<done> responses_decoder::read_end(std::string_view type, object response,
                                         std::string& out) {
  object inner;
  if (json_view::get(response, "usage", inner))
    read_usage(inner);
  if (type == "failed" || type == "cancelled") {
    error_facts facts{std::string(type), {}, {}, {}};
    if (json_view::get(response, "error", inner)) {
      facts.code = printable(json_view::text(inner, "code"));
      facts.message = printable(json_view::text(inner, "message"), 600);
    }
    return classify_stream_error(where_, facts);
  }
  if (!has_text_ && answer_.refusal.empty())
    read_output(response, out);
  finished_ = true;
  std::string_view raw;
  const auto reason = reason_of(type, response, raw);
  stop(reason, raw);
  return done{};
}

llm::finish responses_decoder::reason_of(std::string_view type, object response,
                                         std::string_view& raw) const {
  raw = type;
  if (type == "completed")
    return called_tool_ && !has_text_ ? llm::finish::other
                                      : llm::finish::complete;
  object details;
  if (json_view::get(response, "incomplete_details", details))
    raw = json_view::text(details, "reason");
  return raw == "content_filter" ? llm::finish::filtered
                                 : llm::finish::truncated;
}

/// For servers that send the text only with the terminal event.
void responses_decoder::read_output(object response, std::string& out) {
  simdjson::dom::array items;
  if (response.at_key("output").get(items) != simdjson::SUCCESS)
    return;
  for (const auto entry : items) {
    object item;
    if (entry.get(item) != simdjson::SUCCESS)
      continue;
    const auto type = json_view::text(item, "type");
    called_tool_ =
      called_tool_ || type == "function_call" || type == "custom_tool_call";
    if (type == "message")
      read_item(item, out);
  }
}

void responses_decoder::read_item(object item, std::string& out) {
  simdjson::dom::array parts;
  if (item.at_key("content").get(parts) != simdjson::SUCCESS)
    return;
  for (const auto part : parts) {
    object inner;
    if (part.get(inner) != simdjson::SUCCESS)
      continue;
    if (json_view::text(inner, "type") == "output_text")
      speak(json_view::text(inner, "text"), out);
    if (json_view::text(inner, "type") == "refusal")
      decline(json_view::text(inner, "refusal"));
  }
}

void responses_decoder::read_usage(object usage) {
  using json_view::read;
  auto& t = answer_.tokens;
  read(usage, "input_tokens", t.input_tokens);
  read(usage, "output_tokens", t.output_tokens);
  object details;
  if (json_view::get(usage, "input_tokens_details", details)) {
    read(details, "cached_tokens", t.cached_tokens);
    read(details, "cache_write_tokens", t.cache_write_tokens);
  }
  if (json_view::get(usage, "output_tokens_details", details))
    read(details, "reasoning_tokens", t.reasoning_tokens);
}

} // namespace

std::unique_ptr<decoder> make_responses_decoder(endpoint where) {
  return std::make_unique<responses_decoder>(std::move(where));
}

} // namespace pj::llm
