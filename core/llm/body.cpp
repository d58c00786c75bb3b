#include "core/llm/body.hpp"

#include "core/json_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace pj::llm {

namespace {

using json = nlohmann::ordered_json;

/// Anthropic takes at most four cache marks; one is the system prompt's.
constexpr int message_cache_marks = 3;

const char* name_of(role from) noexcept {
  return from == role::user ? "user" : "assistant";
}

std::uint32_t output_limit(const chat& what, const model_entry& model) {
  if (what.max_output_tokens == 0)
    return model.max_output_tokens;
  return std::min(what.max_output_tokens, model.max_output_tokens);
}

void add_temperature(json& body, const chat& what, const model_entry& model) {
  if (what.temperature && model.sends_temperature)
    body["temperature"] = *what.temperature;
}

json text_part(std::string_view text, bool cached) {
  json part = {{"type", "text"}, {"text", text}};
  if (cached)
    part["cache_control"] = {{"type", "ephemeral"}};
  return part;
}

/// Messages whose content is a list of parts, the last few wanted cache marks
/// set. A mark on empty text would be refused.
json messages_in_parts(const chat& what) {
  json list = json::array();
  auto unmarked = std::count_if(what.messages.begin(), what.messages.end(),
                                [](const message& m) { return m.cache_here; }) -
                  message_cache_marks;
  for (const auto& m : what.messages) {
    const bool mark = m.cache_here && unmarked-- <= 0 && !m.text.empty();
    list.push_back({{"role", name_of(m.from)},
                    {"content", json::array({text_part(m.text, mark)})}});
  }
  return list;
}

json messages_in_strings(const chat& what) {
  json list = json::array();
  for (const auto& m : what.messages)
    list.push_back({{"role", name_of(m.from)}, {"content", m.text}});
  return list;
}

/// OpenRouter hands cache marks on to Anthropic; others cache by themselves.
bool takes_cache_marks(const endpoint& where, const chat& what) {
  return where.provider == provider_id::openrouter &&
         what.model.rfind("anthropic/", 0) == 0;
}

} // namespace

std::string chat_body(const endpoint& where, const chat& what,
                      const model_entry& model) {
  const bool marks = takes_cache_marks(where, what);
  auto messages = marks ? messages_in_parts(what) : messages_in_strings(what);
  if (!what.system.empty()) {
    json system = {{"role", model.system_role}};
    if (marks)
      system["content"] = json::array({text_part(what.system.view(), true)});
    else
      system["content"] = what.system.view();
    messages.insert(messages.begin(), std::move(system));
  }
  json body = {{"model", what.model},
               {"messages", std::move(messages)},
               {"stream", true},
               {model.token_field, output_limit(what, model)}};

  // OpenRouter always counts; there the option has no effect.
  if (where.provider != provider_id::openrouter && model.sends_stream_options)
    body["stream_options"] = {{"include_usage", true}};
  add_temperature(body, what, model);
  return json_text(body);
}

/// `store: false`: the provider keeps an answer for 30 days otherwise, and
/// nothing here ever asks for it again.
std::string responses_body(const chat& what, const model_entry& model) {
  json body = {{"model", what.model},
               {"input", messages_in_strings(what)},
               {"stream", true},
               {"store", false},
               {"max_output_tokens", output_limit(what, model)}};
  if (!what.system.empty())
    body["instructions"] = what.system.view();
  add_temperature(body, what, model);
  return json_text(body);
}

std::string messages_body(const chat& what, const model_entry& model) {
  json body = {{"model", what.model},
               {"max_tokens", output_limit(what, model)},
               {"stream", true},
               {"messages", messages_in_parts(what)}};
  if (!what.system.empty())
    body["system"] = json::array({text_part(what.system.view(), true)});
  add_temperature(body, what, model);
  return json_text(body);
}

} // namespace pj::llm
