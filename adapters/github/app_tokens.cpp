#include "adapters/github/app_tokens.hpp"

#include "adapters/crypto/rsa.hpp"
#include "core/github/app_token.hpp"

#include <mutex>
#include <utility>
#include <vector>

namespace pj {

namespace {

using namespace std::chrono_literals;

using listener = std::function<void(result<std::string>)>;

http_limits limits() {
  http_limits x;
  x.connect = 10s;
  x.idle = x.total = 30s;
  x.max_body = 1u << 20;
  return x;
}

class app_tokens final : public token_source,
                         public std::enable_shared_from_this<app_tokens> {
public:
  app_tokens(std::shared_ptr<http_port> http, app_tokens_options options,
             rsa_key key)
    : http_(std::move(http)), options_(std::move(options)),
      key_(std::move(key)) {}

  void get(listener then) override {
    std::unique_lock lock(mutex_);
    if (is_good(github::app_token_reserve)) {
      const auto token = token_.text;
      lock.unlock();
      return then(token);
    }
    waiting_.push_back(std::move(then));
    if (waiting_.size() > 1)
      return;
    lock.unlock();
    ask();
  }

private:
  /// For at least so long.
  bool is_good(std::chrono::seconds time) const {
    return !token_.text.empty() &&
           std::chrono::sys_seconds{std::chrono::seconds{options_.unix_now()}} +
               time <
             token_.ends;
  }

  void ask() {
    const auto claims = github::app_claims(options_.app, options_.unix_now());
    const auto signature = key_.sign(claims);
    if (!signature)
      return settle(signature.error());
    fetch(*http_,
          github::app_token_request(options_.api, options_.app,
                                    github::app_jwt(claims, *signature)),
          limits(),
          [self = shared_from_this()](const result<http_response>& got) {
            self->settle(self->read(got));
          });
  }

  result<github::app_token> read(const result<http_response>& got) const {
    if (got)
      return github::read_app_token(options_.app, *got, options_.unix_now());
    auto why = got.error();
    why.code = failure_code::github;
    why.what = "GitHub cannot be reached for the app's token: " + why.what;
    return why;
  }

  void settle(result<github::app_token> made) {
    std::unique_lock lock(mutex_);
    result<std::string> told = std::string{};
    if (made)
      token_ = std::move(*made);
    if (made || is_good(0s))
      told = token_.text;
    else
      told = made.error();
    const auto asked = std::exchange(waiting_, {});
    lock.unlock();
    if (told && options_.secret)
      options_.secret(*told);
    for (const auto& then : asked)
      then(told);
  }

  const std::shared_ptr<http_port> http_;
  const app_tokens_options options_;
  const rsa_key key_;
  std::mutex mutex_;
  github::app_token token_;
  std::vector<listener> waiting_; ///< not empty: a request is under way
};

} // namespace

result<std::shared_ptr<token_source>>
make_app_tokens(std::shared_ptr<http_port> http, app_tokens_options options) {
  auto key = rsa_key::read(options.app.key);
  if (!key) {
    auto why = key.error();
    why.what = "GITHUB_APP_KEY_PATH " + why.what;
    return why;
  }
  options.app.key.clear();
  return std::shared_ptr<token_source>(std::make_shared<app_tokens>(
    std::move(http), std::move(options), std::move(*key)));
}

} // namespace pj
