#include "apps/pj/batch/lister.hpp"

#include "adapters/github/rest_lister.hpp"
#include "adapters/http/client.hpp"
#include "apps/pj/batch/reach.hpp"
#include "apps/pj/tokens.hpp"

#include <stdexcept>
#include <thread>
#include <utility>

namespace pj::batch {

namespace {

class late_lister final : public repository_lister {
public:
  explicit late_lister(settings in_force) : in_force_(std::move(in_force)) {}

  result<std::vector<repository>> list(const repository_source& from) override
    try {
    if (!lister_) {
      auto made = make();
      if (!made)
        return std::move(made).error();
    }
    return lister_->list(from);
  } catch (const std::exception& e) {
    return failure{
      failure_class::fail, failure_code::configuration, e.what(), "", {}};
  }

private:
  result<done> make() {
    const auto input = reach_github(in_force_);
    if (!input)
      return input.error();
    http_client_options web;
    web.proxy = proxy_settings_from_environment();
    const auto http = make_http_client(web);
    rest_lister_options options;
    options.api = input->spec.github_api;
    options.tokens = make_tokens(http, input->secrets, options.api);
    if (!input->secrets.github_app.empty())
      options.token = "the app's token";
    options.unix_now = unix_now;
    options.wait = [](std::chrono::milliseconds time) {
      std::this_thread::sleep_for(time);
    };
    lister_ = make_rest_lister(http, std::move(options));
    return done{};
  }

  settings in_force_;
  std::unique_ptr<repository_lister> lister_;
};

} // namespace

std::unique_ptr<repository_lister> make_lister(const settings& in_force) {
  return std::make_unique<late_lister>(in_force);
}

} // namespace pj::batch
