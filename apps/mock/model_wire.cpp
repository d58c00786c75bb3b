#include "apps/mock/model_wire.hpp"

#include "apps/mock/speakers.hpp"
#include "core/json_text.hpp"

#include <nlohmann/json.hpp>

namespace pj::doubles {

using nlohmann::json;

std::string in_quotes(std::string_view text) {
  return json_text(json(text));
}

std::string plain_event(const json& payload) {
  return "data: " + json_text(payload) + "\n\n";
}

std::string typed_event(const json& payload) {
  return "event: " + payload.at("type").get<std::string>() + '\n' +
         plain_event(payload);
}

std::string speaker::nonsense() const {
  return said().speaks == dialect::messages ||
             said().speaks == dialect::responses
           ? "event: content_block_delta\ndata: {\"type\":\"content_\n\n"
           : "data: {\"id\":\"chatcmpl-\n\n";
}

std::unique_ptr<speaker> make_speaker(std::shared_ptr<const speech> what) {
  switch (what->speaks) {
  case dialect::messages:
    return make_messages_speaker(std::move(what));
  case dialect::responses:
    return make_responses_speaker(std::move(what));
  case dialect::chat:
  case dialect::openrouter:
    break;
  }
  return make_chat_speaker(std::move(what));
}

std::string whole_answer(const speech& what) {
  switch (what.speaks) {
  case dialect::messages:
    return whole_messages(what);
  case dialect::responses:
    return whole_response(what);
  case dialect::chat:
  case dialect::openrouter:
    break;
  }
  return whole_chat(what);
}

} // namespace pj::doubles
