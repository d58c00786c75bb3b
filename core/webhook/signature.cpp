#include "core/webhook/signature.hpp"

#include "core/base64.hpp"

namespace pj::webhook {

namespace {

constexpr std::string_view prefix = "whsec_";

} // namespace

std::string signing_key(std::string_view secret) {
  if (secret.starts_with(prefix))
    if (auto key = from_base64(secret.substr(prefix.size()));
        key && !key->empty())
      return *key;
  return std::string(secret);
}

bool is_broken(std::string_view secret) {
  return secret.starts_with(prefix) && signing_key(secret) == secret;
}

std::string signed_bytes(std::string_view id, std::int64_t unix_seconds,
                         std::string_view body) {
  std::string out(id);
  out += "." + std::to_string(unix_seconds) + ".";
  out += body;
  return out;
}

void add_headers(http_headers& headers, std::string_view id,
                 std::int64_t unix_seconds, std::string_view hmac) {
  headers.push_back({"webhook-id", std::string(id)});
  headers.push_back({"webhook-timestamp", std::to_string(unix_seconds)});
  if (!hmac.empty())
    headers.push_back({"webhook-signature", "v1," + to_base64(hmac)});
}

} // namespace pj::webhook
