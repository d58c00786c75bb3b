#include "apps/mock/model_request.hpp"

#include "apps/mock/default_change.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

namespace pj::doubles {
namespace {

using nlohmann::json;

/// Thrown where the real service would refuse.
struct refused {
  int status = 400;
  std::string message;
  std::string param;
  std::string code;
};

std::string given_key(const server_request& request) {
  for (const auto* name : {"x-api-key", "api-key"})
    if (const auto v = find_header(request.headers, name); !v.empty())
      return std::string{v};
  const auto bearer = find_header(request.headers, "authorization");
  return bearer.starts_with("Bearer ") ? std::string{bearer.substr(7)} : "";
}

void check_key(dialect speaks, const server_request& request,
               const std::string& key) {
  const auto given = given_key(request);
  if (given == key)
    return;
  if (speaks == dialect::messages)
    throw refused{401,
                  given.empty() ? "x-api-key header is required"
                                : "invalid x-api-key",
                  {},
                  {}};
  if (speaks == dialect::openrouter)
    throw refused{401,
                  given.empty() ? "No auth credentials found"
                                : "User not found.",
                  {},
                  {}};
  if (given.empty())
    throw refused{401,
                  "You didn't provide an API key. You need to provide your API "
                  "key in an Authorization header using Bearer auth.",
                  {},
                  {}};
  throw refused{401, "Incorrect API key provided.", {}, "invalid_api_key"};
}

void check_version(const server_request& request) {
  const auto version = find_header(request.headers, "anthropic-version");
  constexpr std::array<std::string_view, 3> known{"2023-01-01", "2023-06-01",
                                                  "2026-10-21"};
  if (version.empty())
    throw refused{400, "anthropic-version: header is required", {}, {}};
  if (std::ranges::find(known, version) == known.end())
    throw refused{400,
                  "anthropic-version: \"" + std::string{version} +
                    "\" is not a valid version",
                  {},
                  {}};
}

json read_body(const server_request& request) {
  const auto type = find_header(request.headers, "content-type");
  if (!lowered(type).starts_with("application/json"))
    throw refused{400, "Content-Type must be application/json", {}, {}};
  auto body = json::parse(request.body, nullptr, false);
  if (!body.is_object())
    throw refused{400,
                  "We could not parse the JSON body of your request. The API "
                  "expects a JSON payload.",
                  {},
                  {}};
  return body;
}

const std::set<std::string, std::less<>>& known_fields(dialect speaks) {
  static const std::set<std::string, std::less<>> chat{"model",
                                                       "messages",
                                                       "stream",
                                                       "stream_options",
                                                       "max_tokens",
                                                       "max_completion_tokens",
                                                       "temperature",
                                                       "top_p",
                                                       "n",
                                                       "stop",
                                                       "seed",
                                                       "presence_penalty",
                                                       "frequency_penalty",
                                                       "logit_bias",
                                                       "logprobs",
                                                       "top_logprobs",
                                                       "user",
                                                       "tools",
                                                       "tool_choice",
                                                       "parallel_tool_calls",
                                                       "response_format",
                                                       "reasoning_effort",
                                                       "verbosity",
                                                       "service_tier",
                                                       "store",
                                                       "metadata",
                                                       "modalities",
                                                       "audio",
                                                       "prediction",
                                                       "functions",
                                                       "function_call",
                                                       "web_search_options",
                                                       "prompt_cache_key",
                                                       "prompt_cache_retention",
                                                       "safety_identifier"};
  static const std::set<std::string, std::less<>> responses{
    "model",
    "input",
    "instructions",
    "stream",
    "stream_options",
    "max_output_tokens",
    "temperature",
    "top_p",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "text",
    "reasoning",
    "store",
    "metadata",
    "user",
    "previous_response_id",
    "conversation",
    "include",
    "background",
    "truncation",
    "service_tier",
    "prompt",
    "prompt_cache_key",
    "prompt_cache_retention",
    "safety_identifier",
    "max_tool_calls",
    "top_logprobs"};
  static const std::set<std::string, std::less<>> messages{"model",
                                                           "messages",
                                                           "max_tokens",
                                                           "system",
                                                           "stream",
                                                           "temperature",
                                                           "top_p",
                                                           "top_k",
                                                           "stop_sequences",
                                                           "metadata",
                                                           "tools",
                                                           "tool_choice",
                                                           "thinking",
                                                           "service_tier",
                                                           "container",
                                                           "mcp_servers",
                                                           "context_management",
                                                           "output_config",
                                                           "output_format",
                                                           "betas",
                                                           "cache_control",
                                                           "inference_geo"};
  return speaks == dialect::messages    ? messages
         : speaks == dialect::responses ? responses
                                        : chat;
}

void check_fields(dialect speaks, const json& body) {
  if (speaks == dialect::openrouter)
    return; // passes what it does not know to the providers
  const auto& known = known_fields(speaks);
  for (const auto& [name, value] : body.items()) {
    if (known.contains(name))
      continue;
    if (speaks == dialect::messages)
      throw refused{400, name + ": Extra inputs are not permitted", {}, {}};
    throw refused{400, "Unknown parameter: '" + name + "'.", name,
                  "unknown_parameter"};
  }
}

/// A field that must be there; the message is the service's own.
const json& need(dialect speaks, const json& body, const char* name) {
  const auto found = body.find(name);
  if (found != body.end() && !found->is_null())
    return *found;
  if (speaks == dialect::messages)
    throw refused{400, std::string{name} + ": Field required", {}, {}};
  if (std::string_view{name} == "model")
    throw refused{400, "you must provide a model parameter", {}, {}};
  throw refused{400, std::string{"Missing required parameter: '"} + name + "'.",
                name, "missing_required_parameter"};
}

[[noreturn]] void wrong_type(dialect speaks, const std::string& name,
                             const std::string& wanted) {
  if (speaks == dialect::messages)
    throw refused{400, name + ": Input should be a valid " + wanted, {}, {}};
  throw refused{400,
                "Invalid type for '" + name + "': expected " + wanted + ".",
                name, "invalid_type"};
}

bool read_flag(dialect speaks, const json& body, const char* name,
               bool otherwise) {
  const auto found = body.find(name);
  if (found == body.end() || found->is_null())
    return otherwise;
  if (!found->is_boolean())
    wrong_type(speaks, name, "boolean");
  return found->get<bool>();
}

void check_count(dialect speaks, const json& body, const char* name) {
  const auto found = body.find(name);
  if (found == body.end() || found->is_null())
    return;
  if (!found->is_number_integer())
    wrong_type(speaks, name, "integer");
  if (found->get<std::int64_t>() >= 1)
    return;
  if (speaks == dialect::messages)
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

/// Newer models of OpenAI take neither.
void check_drift(const json& body, const std::string& model) {
  const bool thinks = model.starts_with("gpt-5") || model.starts_with("o1") ||
                      model.starts_with("o3") || model.starts_with("o4");
  if (!thinks)
    return;
  if (body.contains("max_tokens"))
    throw refused{400,
                  "Unsupported parameter: 'max_tokens' is not supported with "
                  "this model. Use 'max_completion_tokens' instead.",
                  "max_tokens", "unsupported_parameter"};
  const auto heat = body.find("temperature");
  if (heat != body.end() && heat->is_number() && heat->get<double>() != 1.0)
    throw refused{400,
                  "Unsupported value: 'temperature' does not support " +
                    heat->dump() +
                    " with this model. Only the default (1) value is "
                    "supported.",
                  "temperature", "unsupported_value"};
}

void check_numbers(dialect speaks, const json& body,
                   const server_request& request) {
  for (const auto* name :
       {"max_tokens", "max_completion_tokens", "max_output_tokens"})
    check_count(speaks, body, name);
  if (const auto heat = body.find("temperature");
      heat != body.end() && !heat->is_null()) {
    const double most = speaks == dialect::messages ? 1 : 2;
    if (!heat->is_number())
      wrong_type(speaks, "temperature", "number");
    if (heat->get<double>() < 0 || heat->get<double>() > most)
      throw refused{400, "temperature: out of range", "temperature",
                    "decimal_above_max_value"};
  }
  if (speaks != dialect::messages ||
      find_header(request.headers, "anthropic-version") != "2026-10-21")
    return;
  for (const auto* name : {"temperature", "top_p", "top_k"})
    if (body.contains(name))
      throw refused{
        400, std::string{name} + ": Extra inputs are not permitted", {}, {}};
}

/// Text of a string or of a list of parts.
void add_text(dialect speaks, const json& content, const std::string& where,
              std::string& out) {
  if (content.is_string()) {
    out += content.get_ref<const std::string&>();
    out += '\n';
    return;
  }
  if (content.is_null())
    return;
  if (!content.is_array())
    wrong_type(speaks, where, "string or list of content parts");
  for (const auto& part : content) {
    if (!part.is_object() || !part.contains("type"))
      wrong_type(speaks, where, "list of content parts with a type");
    if (const auto text = part.find("text");
        text != part.end() && text->is_string())
      add_text(speaks, *text, where, out);
  }
}

bool role_is_known(dialect speaks, const std::string& role) {
  if (speaks == dialect::messages)
    return role == "user" || role == "assistant";
  return role == "system" || role == "developer" || role == "user" ||
         role == "assistant" || role == "tool" || role == "function";
}

void add_message(dialect speaks, const json& message, std::size_t index,
                 model_request& into) {
  const auto list = speaks == dialect::responses ? "input" : "messages";
  const auto where = list + ('[' + std::to_string(index) + ']');
  if (!message.is_object())
    wrong_type(speaks, where, "object");
  const auto role = message.find("role");
  if (role == message.end()) {
    if (speaks == dialect::responses && message.contains("type"))
      return; // an item of another kind, e.g. a tool's output
    throw refused{400, "Missing required parameter: '" + where + ".role'.",
                  where + ".role", "missing_required_parameter"};
  }
  if (!role->is_string() || !role_is_known(speaks, role->get<std::string>()))
    throw refused{400,
                  speaks == dialect::messages
                    ? where + ".role: Input should be 'user' or 'assistant'"
                    : "Invalid value: '" + role->dump() +
                        "'. Supported values are: 'system', 'assistant', "
                        "'user', 'function', 'tool', and 'developer'.",
                  where + ".role", "invalid_value"};
  const auto content = message.find("content");
  if (content == message.end())
    throw refused{400,
                  speaks == dialect::messages
                    ? where + ".content: Field required"
                    : "Missing required parameter: '" + where + ".content'.",
                  where + ".content", "missing_required_parameter"};
  std::string text;
  add_text(speaks, *content, where + ".content", text);
  into.input_bytes += text.size();
  if (*role == "user")
    into.shown += text;
}

void read_messages(dialect speaks, const json& body, model_request& into) {
  const auto* field = speaks == dialect::responses ? "input" : "messages";
  const auto& list = need(speaks, body, field);
  if (speaks == dialect::responses && list.is_string())
    return add_text(speaks, list, field, into.shown);
  if (!list.is_array())
    wrong_type(speaks, field, "array");
  if (list.empty() && speaks == dialect::messages)
    throw refused{400, "messages: at least one message is required", {}, {}};
  if (list.empty())
    throw refused{400,
                  std::string{"Invalid '"} + field +
                    "': empty array. Expected an array with minimum length "
                    "1, but got an empty array instead.",
                  field, "empty_array"};
  std::size_t index = 0;
  for (const auto& message : list)
    add_message(speaks, message, index++, into);
}

void read_stream_options(dialect speaks, const json& body,
                         model_request& into) {
  const auto options = body.find("stream_options");
  if (options == body.end() || options->is_null())
    return;
  if (!options->is_object())
    wrong_type(speaks, "stream_options", "object");
  if (!into.stream)
    throw refused{400,
                  "The 'stream_options' parameter is only allowed when "
                  "'stream' is enabled.",
                  "stream_options",
                  {}};
  into.include_usage = read_flag(speaks, *options, "include_usage", false);
  into.obfuscated = read_flag(speaks, *options, "include_obfuscation", true);
}

model_request read(dialect speaks, const server_request& request,
                   const playbook& book) {
  const auto body = read_body(request);
  check_fields(speaks, body);
  model_request out;
  out.speaks = speaks;
  const auto& model = need(speaks, body, "model");
  if (!model.is_string())
    wrong_type(speaks, "model", "string");
  out.model = model.get<std::string>();
  if (!book.knows_model(out.model))
    throw refused{404,
                  speaks == dialect::messages
                    ? "model: " + out.model
                    : "The model `" + out.model +
                        "` does not exist or you do not have access to it.",
                  {},
                  "model_not_found"};
  if (speaks == dialect::messages)
    need(speaks, body, "max_tokens");
  check_numbers(speaks, body, request);
  if (speaks == dialect::chat)
    check_drift(body, out.model);
  out.stream = read_flag(speaks, body, "stream", false);
  if (speaks != dialect::messages)
    read_stream_options(speaks, body, out);
  std::string system;
  for (const auto* field : {"system", "instructions"})
    if (const auto found = body.find(field); found != body.end())
      add_text(speaks, *found, field, system);
  read_messages(speaks, body, out);
  out.input_bytes += system.size();
  return out;
}

} // namespace

std::variant<model_request, model_refusal>
read_model_request(const server_request& request, const std::string& key,
                   const playbook& book) {
  const auto speaks = dialect_of(request);
  try {
    if (request.method != "POST")
      throw refused{405, "Method not allowed: use POST.", {}, {}};
    check_key(speaks, request, key);
    if (speaks == dialect::messages)
      check_version(request);
    auto out = read(speaks, request, book);
    out.task = task_of(out.shown);
    return out;
  } catch (const refused& why) {
    return model_refusal{
      why.status,
      {},
      model_error(speaks, why.status, why.message, why.param, why.code)};
  }
}

} // namespace pj::doubles
