#pragma once
#include "core/llm/chat.hpp"
#include "core/llm/models.hpp"

#include <string>

namespace pj::llm {

/// The JSON bodies of streaming requests, one per wire. Text that is not UTF-8
/// is sent with U+FFFD in place of the bad bytes.
std::string chat_body(const endpoint& where, const chat& what,
                      const model_entry& model);
std::string responses_body(const chat& what, const model_entry& model);
std::string messages_body(const chat& what, const model_entry& model);

} // namespace pj::llm
