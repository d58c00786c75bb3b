#include "apps/mock/model_body.hpp"

#include "core/json_text.hpp"
#include "core/text.hpp"

namespace pj::doubles {
namespace {

using nlohmann::json;

// What the services take; anything else is refused.
constexpr std::string_view chat_fields =
  "model messages stream stream_options max_tokens max_completion_tokens "
  "temperature top_p n stop seed presence_penalty frequency_penalty "
  "logit_bias logprobs top_logprobs user tools tool_choice "
  "parallel_tool_calls response_format reasoning_effort verbosity "
  "service_tier store metadata modalities audio prediction functions "
  "function_call web_search_options prompt_cache_key "
  "prompt_cache_retention safety_identifier";

constexpr std::string_view responses_fields =
  "model input instructions stream stream_options max_output_tokens "
  "temperature top_p tools tool_choice parallel_tool_calls text reasoning "
  "store metadata user previous_response_id conversation include "
  "background truncation service_tier prompt prompt_cache_key "
  "prompt_cache_retention safety_identifier max_tool_calls top_logprobs";

constexpr std::string_view messages_fields =
  "model messages max_tokens system stream temperature top_p top_k "
  "stop_sequences metadata tools tool_choice thinking service_tier "
  "container mcp_servers context_management output_config output_format "
  "betas cache_control inference_geo";

std::string_view known_fields(dialect speaks) {
  return speaks == dialect::messages    ? messages_fields
         : speaks == dialect::responses ? responses_fields
                                        : chat_fields;
}

bool knows(dialect speaks, std::string_view name) {
  for (const auto known : split(known_fields(speaks), ' '))
    if (known == name)
      return true;
  return false;
}

json parsed(const server_request& request) {
  const auto type = find_header(request.headers, "content-type");
  if (!lowered(type).starts_with("application/json"))
    throw refused{400, "Content-Type must be application/json", {}, {}};
  auto body = parse_json(request.body);
  if (!body.is_object())
    throw refused{400,
                  "We could not parse the JSON body of your request. The API "
                  "expects a JSON payload.",
                  {},
                  {}};
  return body;
}

} // namespace

model_body::model_body(const server_request& request)
  : speaks_(dialect_of(request)), body_(parsed(request)) {
  check_fields();
}

void model_body::check_fields() const {
  if (speaks_ == dialect::openrouter)
    return; // passes what it does not know to the providers
  for (const auto& [name, value] : body_.items()) {
    if (knows(speaks_, name))
      continue;
    if (speaks_ == dialect::messages)
      throw refused{400, name + ": Extra inputs are not permitted", {}, {}};
    throw refused{400, "Unknown parameter: '" + name + "'.", name,
                  "unknown_parameter"};
  }
}

const json* model_body::find(const char* name) const {
  const auto found = body_.find(name);
  return found == body_.end() || found->is_null() ? nullptr : &*found;
}

const json& model_body::need(const char* name) const {
  if (const auto* found = find(name))
    return *found;
  if (speaks_ == dialect::messages)
    throw refused{400, std::string{name} + ": Field required", {}, {}};
  if (std::string_view{name} == "model")
    throw refused{400, "you must provide a model parameter", {}, {}};
  throw refused{400, std::string{"Missing required parameter: '"} + name + "'.",
                name, "missing_required_parameter"};
}

std::string model_body::need_string(const char* name) const {
  const auto& value = need(name);
  if (!value.is_string())
    wrong_type(name, "string");
  return value.get<std::string>();
}

void model_body::wrong_type(const std::string& name,
                            const std::string& wanted) const {
  if (speaks_ == dialect::messages)
    throw refused{400, name + ": Input should be a valid " + wanted, {}, {}};
  throw refused{400,
                "Invalid type for '" + name + "': expected " + wanted + ".",
                name, "invalid_type"};
}

bool model_body::flag(const char* name, bool otherwise) const {
  return flag(body_, name, otherwise);
}

bool model_body::flag(const json& object, const char* name,
                      bool otherwise) const {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null())
    return otherwise;
  if (!found->is_boolean())
    wrong_type(name, "boolean");
  return found->get<bool>();
}

void model_body::check_count(const char* name) const {
  const auto* found = find(name);
  if (!found)
    return;
  if (!found->is_number_integer())
    wrong_type(name, "integer");
  if (found->get<std::int64_t>() >= 1)
    return;
  if (speaks_ == dialect::messages)
    throw refused{400,
                  std::string{name} +
                    ": Input should be greater than or equal to 1",
                  {},
                  {}};
  throw refused{400,
                std::string{"Invalid '"} + name +
                  "': integer below minimum value. Expected a value >= 1.",
                name, "integer_below_min_value"};
}

} // namespace pj::doubles
