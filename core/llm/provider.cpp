#include "core/llm/provider.hpp"

#include <array>

namespace pj {

namespace {

struct facts {
  std::string_view name;
  std::string_view base_url;
  std::string_view key;
  std::string_view base_url_override;
};

// The base URLs and variables are those of the official SDKs.
constexpr std::array<facts, 3> providers = {{
  {"openai", "https://api.openai.com/v1", "OPENAI_API_KEY", "OPENAI_BASE_URL"},
  {"anthropic", "https://api.anthropic.com", "ANTHROPIC_API_KEY",
   "ANTHROPIC_BASE_URL"},
  {"openrouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY",
   "OPENROUTER_BASE_URL"},
}};

const facts& of(provider_id id) noexcept {
  return providers[static_cast<std::size_t>(id)];
}

} // namespace

std::string_view to_string(provider_id id) noexcept {
  return of(id).name;
}

std::optional<provider_id> provider_from(std::string_view name) noexcept {
  for (std::size_t i = 0; i < providers.size(); ++i)
    if (providers[i].name == name)
      return static_cast<provider_id>(i);
  return std::nullopt;
}

std::string_view default_base_url(provider_id id) noexcept {
  return of(id).base_url;
}

std::string_view key_variable(provider_id id) noexcept {
  return of(id).key;
}

std::string_view base_url_variable(provider_id id) noexcept {
  return of(id).base_url_override;
}

} // namespace pj
