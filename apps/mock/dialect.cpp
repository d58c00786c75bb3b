#include "apps/mock/dialect.hpp"

#include "apps/mock/face.hpp"
#include "core/json_text.hpp"

#include <nlohmann/json.hpp>

namespace pj::doubles {
namespace {

using nlohmann::json;

const char* error_type(dialect speaks, int status) {
  if (speaks != dialect::messages)
    return status == 429   ? "rate_limit_error"
           : status >= 500 ? "server_error"
                           : "invalid_request_error";
  switch (status) {
  case 401:
    return "authentication_error";
  case 402:
    return "billing_error";
  case 403:
    return "permission_error";
  case 404:
    return "not_found_error";
  case 413:
    return "request_too_large";
  case 429:
    return "rate_limit_error";
  case 504:
    return "timeout_error";
  case 529:
    return "overloaded_error";
  default:
    return status >= 500 ? "api_error" : "invalid_request_error";
  }
}

} // namespace

dialect dialect_of(const server_request& request) {
  const auto path = path_of(request.target);
  if (path.ends_with("/messages") || path.starts_with("/v1/messages/") ||
      !find_header(request.headers, "anthropic-version").empty())
    return dialect::messages;
  if (path.ends_with("/responses"))
    return dialect::responses;
  return path.starts_with("/api/") ? dialect::openrouter : dialect::chat;
}

std::string model_error(dialect speaks, int status, const std::string& message,
                        const std::string& param, const std::string& code) {
  const auto text_or_null = [](const std::string& s) {
    return s.empty() ? json{} : json(s);
  };
  if (speaks == dialect::messages)
    return json_text(json{
      {"type", "error"},
      {"error", {{"type", error_type(speaks, status)}, {"message", message}}},
      {"request_id", "req_mock"}});
  if (speaks == dialect::openrouter)
    return json_text(json{{"error", {{"code", status}, {"message", message}}}});
  return json_text(json{{"error",
                         {{"message", message},
                          {"type", error_type(speaks, status)},
                          {"param", text_or_null(param)},
                          {"code", text_or_null(code)}}}});
}

} // namespace pj::doubles
