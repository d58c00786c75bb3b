#pragma once
#include "apps/mock/face.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace pj::doubles {

/// One delivery that arrived.
struct delivery {
  std::string id; ///< `webhook-id`; may be empty
  std::string timestamp;
  std::string body;
  std::int64_t at_ms = 0;       ///< when it came, Unix time
  std::optional<bool> verified; ///< unset: no secret to check against
  std::uint32_t seen = 1;       ///< which delivery of this id it is
  int status = 200;             ///< what it was answered
};

/// Deliveries in the order they came. Thread-safe.
class delivery_log {
public:
  void add(delivery one);
  void clear();
  std::vector<delivery> all() const;

private:
  mutable std::mutex mutex_;
  std::vector<delivery> deliveries_;
};

/// Whether a Standard Webhooks signature fits and its time is within five
/// minutes of `now` (Unix seconds). A secret is `whsec_` and base64, or any
/// other string as it stands.
bool verify_webhook(const http_headers& headers, std::string_view body,
                    std::string_view secret, std::int64_t now);

std::unique_ptr<face> make_webhook_face(backstage tools,
                                        std::shared_ptr<delivery_log> log,
                                        std::string secret);

} // namespace pj::doubles
