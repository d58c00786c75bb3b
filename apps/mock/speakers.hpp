#pragma once
#include "apps/mock/model_wire.hpp"

#include <nlohmann/json_fwd.hpp>

namespace pj::doubles {

/// Chat Completions, OpenRouter's too.
std::unique_ptr<speaker> make_chat_speaker(std::shared_ptr<const speech> what);
std::string whole_chat(const speech& what);

/// Anthropic Messages.
std::unique_ptr<speaker>
make_messages_speaker(std::shared_ptr<const speech> what);
std::string whole_messages(const speech& what);

/// OpenAI Responses.
std::unique_ptr<speaker>
make_responses_speaker(std::shared_ptr<const speech> what);
std::string whole_response(const speech& what);

/// A JSON string; bytes that are not UTF-8 are replaced.
std::string in_quotes(std::string_view text);

/// One event without a type.
std::string plain_event(const nlohmann::json& payload);

/// One event named by its `type`.
std::string typed_event(const nlohmann::json& payload);

} // namespace pj::doubles
