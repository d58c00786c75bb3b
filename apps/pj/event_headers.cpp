#include "apps/pj/event_headers.hpp"

#include "adapters/crypto/digest.hpp"
#include "core/webhook/signature.hpp"

namespace pj {

event_headers make_event_headers(const std::string& secret) {
  return [key = webhook::signing_key(secret)](const std::string& id,
                                              std::int64_t seconds,
                                              const std::string& body) {
    http_headers headers{{"Content-Type", "application/json"},
                         {"User-Agent", "pithy-jaunt"}};
    const auto signature =
      key.empty() ? std::string{}
                  : hmac_sha256(key, webhook::signed_bytes(id, seconds, body));
    webhook::add_headers(headers, id, seconds, signature);
    return headers;
  };
}

} // namespace pj
