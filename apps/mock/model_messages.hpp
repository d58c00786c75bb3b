#pragma once
#include "apps/mock/model_body.hpp"
#include "apps/mock/model_request.hpp"

namespace pj::doubles {

/// Appends the text of a string or of a list of parts; `where` names it in a
/// refusal.
void add_text(const model_body& body, const nlohmann::json& content,
              const std::string& where, std::string& out);

/// Refuses blocks of content that the Messages API of 2026-10-21 does not take
/// any more.
void check_blocks(const model_body& body);

/// Reads the conversation: its size, and what the user's side shows.
void read_messages(const model_body& body, model_request& into);

} // namespace pj::doubles
