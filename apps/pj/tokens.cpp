#include "apps/pj/tokens.hpp"

#include "adapters/github/app_tokens.hpp"
#include "adapters/log.hpp"

#include <chrono>
#include <stdexcept>

namespace pj {

std::shared_ptr<token_source> make_tokens(std::shared_ptr<http_port> http,
                                          const task_secrets& secrets,
                                          const std::string& api) {
  if (!secrets.github_token.empty())
    return std::make_shared<fixed_token>(secrets.github_token);
  if (secrets.github_app.empty())
    return nullptr;
  auto made = make_app_tokens(
    std::move(http), {api, secrets.github_app, unix_now,
                      [](const std::string& token) { add_log_secret(token); }});
  if (!made)
    throw std::runtime_error(made.error().what);
  return *std::move(made);
}

std::int64_t unix_now() {
  using wall = std::chrono::system_clock;
  return wall::to_time_t(wall::now());
}

} // namespace pj
