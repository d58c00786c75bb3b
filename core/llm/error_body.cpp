#include "core/llm/error_body.hpp"

#include "core/json_text.hpp"
#include "core/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace pj::llm {

namespace {

using nlohmann::json;

/// Longer bodies are no error object of any provider.
constexpr std::size_t longest_body = 1u << 20;
constexpr std::size_t longest_message = 600;

const json* member(const json& from, const char* name) {
  if (!from.is_object())
    return nullptr;
  const auto found = from.find(name);
  return found == from.end() || found->is_null() ? nullptr : &*found;
}

std::string text_of(const json* value) {
  if (!value)
    return {};
  if (const auto* s = value->get_ptr<const std::string*>())
    return printable(trimmed(*s), longest_message);
  if (value->is_number())
    return value->dump();
  return {};
}

/// The first of the names that has text.
std::string first_text(const json& from,
                       std::initializer_list<const char*> names) {
  for (const auto* name : names)
    if (auto text = text_of(member(from, name)); !text.empty())
      return text;
  return {};
}

/// FastAPI: `detail` is a text or a list of {loc, msg}.
std::string detail_of(const json& body) {
  const auto* detail = member(body, "detail");
  if (detail && detail->is_array() && !detail->empty())
    return first_text(detail->front(), {"msg"});
  return text_of(detail);
}

error_facts facts_of(const json& error, const json& body) {
  error_facts out;
  if (error.is_string()) {
    out.message = text_of(&error);
    return out;
  }
  out.type = first_text(error, {"type", "status"});
  out.code = first_text(error, {"code"});
  out.message = first_text(error, {"message", "msg"});
  out.param = first_text(error, {"param"});
  if (const auto* details = member(error, "details"))
    if (auto code = first_text(*details, {"error_code"}); !code.empty())
      out.code = std::move(code);
  const auto* metadata = member(error, "metadata");
  out.is_moderation = metadata && member(*metadata, "reasons");
  if (metadata)
    if (auto raw = first_text(*metadata, {"raw"}); !raw.empty())
      out.message = printable(out.message + ": " + raw, longest_message);
  if (out.message.empty())
    out.message = detail_of(body);
  return out;
}

bool is_error(const json& body) {
  const auto said = [&](const char* name) {
    return first_text(body, {name}) == "error";
  };
  return said("type") || said("object") || member(body, "detail") ||
         (member(body, "message") && !member(body, "choices"));
}

} // namespace

std::optional<error_facts> read_error(std::string_view text) {
  if (text.size() > longest_body)
    return std::nullopt;
  auto body = parse_json(text);
  if (body.is_array() && !body.empty())
    body = json(body.front());
  if (!body.is_object())
    return std::nullopt;
  if (const auto* error = member(body, "error"))
    return facts_of(*error, body);
  if (!is_error(body))
    return std::nullopt;
  return facts_of(body, body);
}

bool is_billing(const error_facts& facts) noexcept {
  static constexpr std::array<std::string_view, 11> final_codes = {
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "usage_limit_exceeded",
    "billing_hard_limit_reached",
    "enforced_spend_limit_reached",
    "contract_spend_limit_reached",
    "billing_error",
    "billing_not_active",
  };
  const auto is_final = [&](const std::string& s) {
    return std::find(final_codes.begin(), final_codes.end(), s) !=
           final_codes.end();
  };
  return is_final(facts.code) || is_final(facts.type);
}

} // namespace pj::llm
