#include "apps/pj/pulls/office.hpp"

#include "actors/github.hpp"
#include "adapters/http/client.hpp"
#include "adapters/log.hpp"
#include "apps/pj/random_numbers.hpp"
#include "apps/pj/system_config.hpp"
#include "apps/pj/tokens.hpp"
#include "core/policy/retry.hpp"
#include "core/url.hpp"
#include "messages/error.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace pj {

namespace {

using namespace std::chrono_literals;

// Reads at once: GitHub allows 100 requests at a time.
constexpr std::size_t width = 8;

// All requests carry it, so that one word stops them.
const std::string everything = "office";

github_config config_for(const task_secrets& secrets, const std::string& api,
                         const std::shared_ptr<http_port>& http) {
  github_config out;
  out.tokens = make_tokens(http, secrets, api);
  if (!secrets.github_app.empty())
    out.token_name = "the GitHub App's token";
  out.unix_now = unix_now;
  if (const auto at = split_url(api))
    out.pace = github_pace::for_host(at->host);
  return out;
}

http_client_options web() {
  http_client_options out;
  out.proxy = proxy_settings_from_environment();
  return out;
}

} // namespace

struct github_office::parts {
  parts(const task_secrets& secrets, const std::string& api)
    : http(make_http_client(web())), system(config),
      service(
        system.spawn(github_service, http, config_for(secrets, api, http))) {}

  ~parts() {
    http->shutdown();
    caf::anon_send_exit(service, caf::exit_reason::user_shutdown);
  }

  template <class Reply, class Message>
  result<Reply> once(const Message& what);
  template <class Reply, class Message>
  result<Reply> ask(const Message& what);
  bool pause(std::chrono::milliseconds time);

  system_config config;
  std::shared_ptr<http_client> http;
  caf::actor_system system;
  github_actor service;
  random_source random = make_random();
  std::mutex mutex;
  std::condition_variable changed;
  bool stopped = false;
};

/// `stop` comes behind what was asked before it.
template <class Reply, class Message>
result<Reply> github_office::parts::once(const Message& what) {
  caf::scoped_actor self(system);
  std::unique_lock lock(mutex);
  if (stopped)
    return abandoned();
  auto asked = self->request(service, caf::infinite, what);
  lock.unlock();
  result<Reply> out = abandoned();
  asked.receive([&](Reply& x) { out = std::move(x); },
                [&](const caf::error& e) { out = to_failure(e); });
  return out;
}

template <class Reply, class Message>
result<Reply> github_office::parts::ask(const Message& what) {
  const retry_policy policy;
  for (int tries = 1;; ++tries) {
    auto got = once<Reply>(what);
    const auto delay = got
                         ? std::nullopt
                         : policy.next_delay(got.error(), tries,
                                             2 * policy.longest_limit, random);
    if (!delay)
      return got;
    log_line(log_level::warning,
             got.error().what + "; trying again in " +
               std::to_string((delay->count() + 999) / 1000) + " s");
    if (!pause(*delay))
      return abandoned();
  }
}

/// False: it was stopped.
bool github_office::parts::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex);
  return !changed.wait_for(lock, time, [this] { return stopped; });
}

github_office::github_office(const task_secrets& secrets,
                             const std::string& api)
  : parts_(std::make_unique<parts>(secrets, api)) {}

github_office::~github_office() = default;

std::vector<result<seen_pull>>
github_office::look(const std::vector<github::pull_place>& at, bool twice) {
  std::vector<result<seen_pull>> out(at.size(), seen_pull{});
  std::atomic<std::size_t> next = 0;
  auto work = [&] {
    for (auto i = next++; i < at.size(); i = next++)
      out[i] = parts_->ask<seen_pull>(look_at_pull{everything, at[i], twice});
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < std::min(width, at.size()); ++i)
    threads.emplace_back(work);
  work();
  for (auto& t : threads)
    t.join();
  return out;
}

result<finished_pull> github_office::finish(finish_pull what) {
  what.task = everything;
  return parts_->ask<finished_pull>(what);
}

pulls_forecast github_office::forecast(std::size_t pulls,
                                       std::size_t writes_each) {
  const auto got =
    parts_->once<pulls_forecast>(forecast_pulls{pulls, writes_each});
  return got ? *got : pulls_forecast{};
}

void github_office::stop() {
  const std::lock_guard lock(parts_->mutex);
  parts_->stopped = true;
  parts_->changed.notify_all();
  caf::anon_send(parts_->service, abandon{everything});
}

} // namespace pj
