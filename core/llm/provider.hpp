#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace pj {

/// Who answers. "Anything compatible" is `openai` with another base URL.
enum class provider_id : std::uint8_t { openai, anthropic, openrouter };

/// The name people write, e.g. "openai".
std::string_view to_string(provider_id id) noexcept;

/// Inverse of `to_string`; exact, lower case.
std::optional<provider_id> provider_from(std::string_view name) noexcept;

/// The provider's own API base without trailing '/'.
std::string_view default_base_url(provider_id id) noexcept;

/// The environment variable that holds the key, e.g. "OPENAI_API_KEY".
std::string_view key_variable(provider_id id) noexcept;

/// The environment variable that overrides the base URL.
std::string_view base_url_variable(provider_id id) noexcept;

} // namespace pj
