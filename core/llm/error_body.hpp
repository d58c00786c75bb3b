#pragma once
#include "core/failure.hpp"
#include "core/llm/wire.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pj::llm {

/// What a provider says about an error, from whichever of the many shapes it
/// came in. Every string is fit for one line and capped, yet may still hold an
/// echoed secret.
struct error_facts {
  std::string type;
  std::string code; ///< numbers as text
  std::string message;
  std::string param;          ///< the request's field that is meant
  bool is_moderation = false; ///< OpenRouter: the prompt was flagged
};

/// Reads an error body or event: OpenAI, Azure, Anthropic, OpenRouter, vLLM,
/// FastAPI, Google and plain `{"error": "…"}`. Empty when there is none.
std::optional<error_facts> read_error(std::string_view json);

/// Trying again cannot help before a person pays or raises a limit.
bool is_billing(const error_facts& facts) noexcept;

/// Class and wording for an error inside a stream that began with 200.
failure classify_stream_error(const endpoint& where, const error_facts& facts);

/// What has to change in a request after a 400 about one of its parameters.
struct parameter_fix {
  enum class change : std::uint8_t {
    use_max_tokens,
    use_max_completion_tokens,
    omit_temperature,
    omit_stream_options,
    use_system_role,
    lower_max_output, ///< to `limit`
  };
  change what;
  std::uint32_t limit = 0;
};

/// Recognises a 400 that one changed parameter would cure.
std::optional<parameter_fix> unsupported_parameter(std::string_view body);

/// Writes the change into the entry. False when the entry already has it: the
/// cure did not help, so the error is final.
bool adapt(model_entry& model, const parameter_fix& fix);

} // namespace pj::llm
