#include "apps/mock/webhook_face.hpp"

#include "adapters/crypto/digest.hpp"
#include "core/base64.hpp"
#include "core/json_text.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>
#include <openssl/crypto.h>

namespace pj::embedded {

extern const std::string_view webhook_page; ///< apps/mock/webhook.html

} // namespace pj::embedded

namespace pj::doubles {
namespace {

using nlohmann::json;

constexpr std::size_t max_deliveries = 100'000;

/// The key of a secret; nothing when its base64 is broken.
std::optional<std::string> key_of(std::string_view secret) {
  constexpr std::string_view lead = "whsec_";
  if (!secret.starts_with(lead))
    return std::string{secret};
  return from_base64(secret.substr(lead.size()));
}

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
           std::chrono::system_clock::now().time_since_epoch())
    .count();
}

json to_json(const delivery& d) {
  auto body = parse_json(d.body);
  return {{"id", d.id},
          {"timestamp", d.timestamp},
          {"at", d.at_ms},
          {"verified", d.verified ? json(*d.verified) : json{}},
          {"seen", d.seen},
          {"status", d.status},
          {"body", body.is_discarded() ? json(d.body) : std::move(body)}};
}

class webhook_face final : public face {
public:
  webhook_face(backstage tools, std::shared_ptr<delivery_log> log,
               std::string secret)
    : face("webhook", std::move(tools)), log_(std::move(log)),
      secret_(std::move(secret)) {}

protected:
  std::string error_body(const server_request&, int status) override {
    return json_text(
      json{{"error", "The mock was told to answer " + std::to_string(status)}});
  }

  void serve(call what) override {
    const auto& [request, answer, trouble] = what;
    const auto path = path_of(request.target);
    if (request.method == "POST")
      return take(request, *answer);
    if (path == "/events" && request.method == "DELETE") {
      log_->clear();
      return answer->reply(204, {}, {});
    }
    if (request.method != "GET" && request.method != "HEAD")
      return answer->reply(405, {{"allow", "GET, POST"}}, {});
    if (path == "/events")
      return reply_json(*answer, 200, events());
    if (path == "/")
      return answer->reply(200,
                           {{"content-type", "text/html; charset=utf-8"},
                            {"cache-control", "no-store"}},
                           std::string{embedded::webhook_page});
    answer->reply(404, {{"content-type", "text/plain"}},
                  "POST events to /hook, read them at /events\n");
  }

private:
  void take(const server_request& request, responder& answer) {
    delivery d;
    d.id = find_header(request.headers, "webhook-id");
    d.timestamp = find_header(request.headers, "webhook-timestamp");
    d.body = request.body;
    d.at_ms = now_ms();
    const auto type = find_header(request.headers, "content-type");
    if (!lowered(type).starts_with("application/json"))
      d.status = 415;
    else if (parse_json(request.body).is_discarded())
      d.status = 400;
    if (!secret_.empty())
      d.verified =
        verify_webhook(request.headers, request.body, secret_, d.at_ms / 1000);
    const auto status = d.status;
    log_->add(std::move(d));
    reply_json(answer, status, json_text(json{{"ok", status == 200}}));
  }

  std::string events() const {
    auto list = json::array();
    for (const auto& d : log_->all())
      list.push_back(to_json(d));
    return json_text(list, 2);
  }

  std::shared_ptr<delivery_log> log_;
  std::string secret_;
};

} // namespace

void delivery_log::add(delivery one) {
  std::lock_guard lock{mutex_};
  if (!one.id.empty())
    for (const auto& d : deliveries_)
      one.seen += d.id == one.id ? 1u : 0u;
  if (deliveries_.size() < max_deliveries)
    deliveries_.push_back(std::move(one));
}

void delivery_log::clear() {
  std::lock_guard lock{mutex_};
  deliveries_.clear();
}

std::vector<delivery> delivery_log::all() const {
  std::lock_guard lock{mutex_};
  return deliveries_;
}

bool verify_webhook(const http_headers& headers, std::string_view body,
                    std::string_view secret, std::int64_t now) {
  const auto id = find_header(headers, "webhook-id");
  const auto time = find_header(headers, "webhook-timestamp");
  const auto key = key_of(secret);
  std::int64_t at = 0;
  const auto [end, error] =
    std::from_chars(time.data(), time.data() + time.size(), at);
  if (id.empty() || !key || error != std::errc{} ||
      end != time.data() + time.size() || std::abs(now - at) > 300)
    return false;
  auto text = std::string{id} + '.' + std::string{time} + '.';
  const auto wanted = "v1," + to_base64(hmac_sha256(*key, text.append(body)));
  const auto given = find_header(headers, "webhook-signature");
  return std::ranges::any_of(split(given, ' '), [&](std::string_view s) {
    return s.size() == wanted.size() &&
           CRYPTO_memcmp(s.data(), wanted.data(), s.size()) == 0;
  });
}

std::unique_ptr<face> make_webhook_face(backstage tools,
                                        std::shared_ptr<delivery_log> log,
                                        std::string secret) {
  return std::make_unique<webhook_face>(std::move(tools), std::move(log),
                                        std::move(secret));
}

} // namespace pj::doubles
