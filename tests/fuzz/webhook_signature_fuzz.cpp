// Whatever secret and event there are: the headers are well formed, and who
// computes the signature from what was received gets the same.
// Input: secret, a zero byte, task id, a zero byte, body.
#include "adapters/crypto/digest.hpp"
#include "core/base64.hpp"
#include "core/policy/times.hpp"
#include "core/webhook/event.hpp"
#include "core/webhook/signature.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace pj;

constexpr std::int64_t now = 1'800'000'000;

void require(bool holds) {
  if (!holds)
    std::abort();
}

/// What stands before the next zero byte.
std::string take(std::string_view& bytes) {
  const auto end = std::min(bytes.find('\0'), bytes.size());
  const std::string out(bytes.substr(0, end));
  bytes.remove_prefix(std::min(end + 1, bytes.size()));
  return out;
}

/// As a receiver does it, from the headers alone.
void check_received(const http_headers& headers, const std::string& key,
                    const std::string& body) {
  const auto text = std::string(find_header(headers, "webhook-id")) + "." +
                    std::string(find_header(headers, "webhook-timestamp")) +
                    "." + body;
  const auto given = find_header(headers, "webhook-signature");
  require(given.starts_with("v1,"));
  require(from_base64(given.substr(3)) == hmac_sha256(key, text));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto secret = take(bytes);
  webhook::event what;
  what.task = take(bytes);
  what.type = "task.progress";
  what.message = bytes;
  const auto body = webhook::body_of(what);
  // Bytes that are not UTF-8 become three, control characters six.
  require(body.size() < 6 * (what.task.size() + 10'000) + 1'000);
  const auto id = webhook::event_id(what.task, {}, "end");
  require(id.find('.') == std::string::npos);
  const auto key = webhook::signing_key(secret);
  require(secret.empty() == key.empty());
  http_headers headers;
  webhook::add_headers(
    headers, id, now,
    key.empty() ? "" : hmac_sha256(key, webhook::signed_bytes(id, now, body)));
  require(headers.size() == (key.empty() ? 2u : 3u));
  if (!key.empty())
    check_received(headers, key, body);
  const auto wait =
    retry_after({{"Retry-After", std::string(bytes)}, {"Date", what.task}});
  require(!wait || wait->count() >= 0);
  require(!wait || *wait <= std::chrono::hours{24});
  return 0;
}
