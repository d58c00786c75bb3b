#pragma once
#include "adapters/http/server.hpp"

#include <cstdint>
#include <string>

namespace pj::doubles {

/// The languages of the model face.
enum class dialect : std::uint8_t { chat, responses, messages, openrouter };

/// Who speaks what, by path.
dialect dialect_of(const server_request& request);

/// The body of an error in this dialect. `param` and `code` may be empty.
std::string model_error(dialect speaks, int status, const std::string& message,
                        const std::string& param = {},
                        const std::string& code = {});

} // namespace pj::doubles
