#include "adapters/crypto/digest.hpp"
#include "adapters/http/client.hpp"
#include "adapters/log.hpp"
#include "apps/pj/event_headers.hpp"
#include "apps/pj/run_task.hpp"
#include "core/policy/retry.hpp"
#include "core/webhook/event.hpp"

#include <chrono>
#include <thread>

namespace pj {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

// CONTRACT: one delivery may take this long, and all of them together.
constexpr auto one_try = 10s;
constexpr auto all_tries = 60s;

bool deliver(http_port& http, http_request request) {
  http_limits limits;
  limits.connect = limits.idle = limits.total = one_try;
  limits.max_body = 64u << 10;
  const auto got = fetch_later(http, std::move(request), limits).get();
  return got && got->status / 100 == 2;
}

} // namespace

void report_unusable(const event_target& target, const std::string& why) {
  if (target.url.empty())
    return;
  const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(
    std::chrono::system_clock::now());
  const auto id = webhook::event_id(target.task, now, "unusable");
  const auto line = why.substr(0, why.find('\n'));
  http_request request;
  request.method = "POST";
  request.url = target.url;
  request.body = std::make_shared<const std::string>(
    redact(webhook::body_of({"task.failed", "failed", target.task,
                             target.workspace, target.branch, "", line, why})));
  const auto headers = make_event_headers(target.secret);
  http_client_options options;
  options.proxy = proxy_settings_from_environment();
  const auto http = make_http_client(options);
  const auto schedule = delivery_schedule::short_lived();
  const auto end = clock::now() + all_tries;
  for (int attempt = 1;; ++attempt) {
    const auto pause = schedule.pause(attempt, [] { return 0.5; });
    if (!pause || clock::now() + *pause > end)
      break;
    std::this_thread::sleep_for(*pause);
    request.headers = headers(
      id,
      std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()),
      *request.body);
    if (deliver(*http, request))
      return;
  }
  log_line(log_level::warning, "the task.failed event could not be delivered");
}

} // namespace pj
