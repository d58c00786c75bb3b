#include "apps/mock/model_request.hpp"

#include "apps/mock/default_change.hpp"
#include "apps/mock/face.hpp"
#include "apps/mock/model_body.hpp"
#include "apps/mock/model_messages.hpp"

#include <algorithm>
#include <array>

namespace pj::doubles {
namespace {

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

/// Azure's dated address is none without its date.
void check_address(const server_request& request) {
  const bool dated =
    path_of(request.target).starts_with("/openai/deployments/");
  if (dated && query_value(request.target, "api-version").empty())
    throw refused{404, "Resource not found", {}, "404"};
}

/// Newer models of OpenAI take neither.
void check_drift(const model_body& body, const std::string& model) {
  const bool thinks = model.starts_with("gpt-5") || model.starts_with("o1") ||
                      model.starts_with("o3") || model.starts_with("o4");
  if (!thinks)
    return;
  if (body.find("max_tokens"))
    throw refused{400,
                  "Unsupported parameter: 'max_tokens' is not supported with "
                  "this model. Use 'max_completion_tokens' instead.",
                  "max_tokens", "unsupported_parameter"};
  const auto* heat = body.find("temperature");
  if (heat && heat->is_number() && heat->get<double>() != 1.0)
    throw refused{400,
                  "Unsupported value: 'temperature' does not support " +
                    heat->dump() +
                    " with this model. Only the default (1) value is "
                    "supported.",
                  "temperature", "unsupported_value"};
}

void check_numbers(const model_body& body, const server_request& request) {
  const auto speaks = body.speaks();
  for (const auto* name :
       {"max_tokens", "max_completion_tokens", "max_output_tokens"})
    body.check_count(name);
  if (const auto* heat = body.find("temperature")) {
    const double most = speaks == dialect::messages ? 1 : 2;
    if (!heat->is_number())
      body.wrong_type("temperature", "number");
    if (heat->get<double>() < 0 || heat->get<double>() > most)
      throw refused{400, "temperature: out of range", "temperature",
                    "decimal_above_max_value"};
  }
  if (speaks != dialect::messages ||
      find_header(request.headers, "anthropic-version") != "2026-10-21")
    return;
  for (const auto* name : {"temperature", "top_p", "top_k"})
    if (body.find(name))
      throw refused{
        400, std::string{name} + ": Extra inputs are not permitted", {}, {}};
  check_blocks(body);
}

void read_stream_options(const model_body& body, model_request& into) {
  const auto* options = body.find("stream_options");
  if (!options)
    return;
  if (!options->is_object())
    body.wrong_type("stream_options", "object");
  if (!into.stream)
    throw refused{400,
                  "The 'stream_options' parameter is only allowed when "
                  "'stream' is enabled.",
                  "stream_options",
                  {}};
  into.include_usage = body.flag(*options, "include_usage", false);
  into.obfuscated = body.flag(*options, "include_obfuscation", true);
}

model_request read(const server_request& request, const playbook& book) {
  const model_body body(request);
  const auto speaks = body.speaks();
  model_request out;
  out.speaks = speaks;
  out.azure = path_of(request.target).starts_with("/openai/");
  out.model = body.need_string("model");
  if (!book.knows_model(out.model))
    throw refused{404,
                  speaks == dialect::messages
                    ? "model: " + out.model
                    : "The model `" + out.model +
                        "` does not exist or you do not have access to it.",
                  {},
                  "model_not_found"};
  if (speaks == dialect::messages)
    body.need("max_tokens");
  check_numbers(body, request);
  if (speaks == dialect::chat || speaks == dialect::responses)
    check_drift(body, out.model);
  out.stream = body.flag("stream", false);
  if (speaks != dialect::messages)
    read_stream_options(body, out);
  std::string system;
  for (const auto* field : {"system", "instructions"})
    if (const auto* found = body.find(field))
      add_text(body, *found, field, system);
  read_messages(body, out);
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
    check_address(request);
    auto out = read(request, book);
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
