#include "core/llm/error_body.hpp"
#include "core/llm/models.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <charconv>

namespace pj::llm {

namespace {

using change = parameter_fix::change;

bool has(std::string_view text, std::string_view part) noexcept {
  return text.find(part) != text.npos;
}

/// The smallest number of at least three digits: "32000 > 8192, which is the
/// maximum", "supports at most 16384 completion tokens".
std::uint32_t smallest_number(std::string_view text) noexcept {
  std::uint32_t smallest = 0;
  for (std::size_t i = 0; i < text.size();) {
    std::uint32_t value = 0;
    const auto got =
      std::from_chars(text.data() + i, text.data() + text.size(), value);
    const auto used = static_cast<std::size_t>(got.ptr - text.data()) - i;
    if (got.ec == std::errc{} && used >= 3)
      smallest = smallest == 0 ? value : std::min(smallest, value);
    i += std::max<std::size_t>(used, 1);
  }
  return smallest;
}

std::optional<parameter_fix> token_field_fix(const std::string& text) {
  if (has(text, "instead") || has(text, "unsupported") ||
      has(text, "not supported") || has(text, "unrecognized") ||
      has(text, "unknown") || has(text, "extra")) {
    const auto instead = text.find("use '");
    const bool new_name =
      instead == text.npos ? !has(text, "max_completion_tokens")
                           : has(text.substr(instead), "max_completion_tokens");
    return parameter_fix{new_name ? change::use_max_completion_tokens
                                  : change::use_max_tokens};
  }
  if (has(text, "maximum") || has(text, "at most") || has(text, "too large") ||
      has(text, "less than"))
    if (const auto limit = smallest_number(text))
      return parameter_fix{change::lower_max_output, limit};
  return std::nullopt;
}

} // namespace

std::optional<parameter_fix> unsupported_parameter(std::string_view body) {
  const auto facts = read_error(body);
  if (!facts || facts->code == "context_length_exceeded")
    return std::nullopt;
  const auto text = lowered(facts->message);
  const auto about = [&](std::string_view name) {
    return facts->param == name || (facts->param.empty() && has(text, name));
  };
  if (about("max_tokens") || about("max_completion_tokens") ||
      about("max_output_tokens"))
    return token_field_fix(text);
  if (about("temperature"))
    return parameter_fix{change::omit_temperature};
  if (about("stream_options") || about("stream_options.include_usage"))
    return parameter_fix{change::omit_stream_options};
  if (has(text, "role") && has(text, "developer"))
    return parameter_fix{change::use_system_role};
  return std::nullopt;
}

bool adapt(model_entry& model, const parameter_fix& fix) {
  const auto put = [](auto& field, auto value) {
    const bool is_new = field != value;
    field = std::move(value);
    return is_new;
  };
  switch (fix.what) {
  case change::use_max_tokens:
    return put(model.token_field, std::string("max_tokens"));
  case change::use_max_completion_tokens:
    return put(model.token_field, std::string("max_completion_tokens"));
  case change::omit_temperature:
    return put(model.sends_temperature, false);
  case change::omit_stream_options:
    return put(model.sends_stream_options, false);
  case change::use_system_role:
    return put(model.system_role, std::string("system"));
  case change::lower_max_output:
    if (fix.limit == 0 || fix.limit >= model.max_output_tokens)
      return false;
    return put(model.max_output_tokens, fix.limit);
  }
  return false;
}

} // namespace pj::llm
