#pragma once
#include "core/http.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace pj::webhook {

/// The key of a secret: what follows `whsec_`, decoded from base64, or the
/// secret's own bytes when it has another form. Empty for no secret.
std::string signing_key(std::string_view secret);

/// It begins with `whsec_`, but no base64 follows: receivers take it otherwise.
bool is_broken(std::string_view secret);

/// What is signed: id, unix time of this attempt and the exact body, joined by
/// '.' (Standard Webhooks).
std::string signed_bytes(std::string_view id, std::int64_t unix_seconds,
                         std::string_view body);

/// Adds `webhook-id`, `webhook-timestamp` and, when `hmac` (raw HMAC-SHA256 of
/// `signed_bytes`) is not empty, `webhook-signature`.
void add_headers(http_headers& headers, std::string_view id,
                 std::int64_t unix_seconds, std::string_view hmac);

} // namespace pj::webhook
