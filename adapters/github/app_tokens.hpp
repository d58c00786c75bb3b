#pragma once
#include "adapters/github/token_source.hpp"
#include "adapters/http/port.hpp"
#include "core/github/app_identity.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace pj {

struct app_tokens_options {
  std::string api; ///< base URL without trailing '/'
  github::app_identity app;
  std::function<std::int64_t()> unix_now; ///< wall clock, seconds

  /// Told every new token before anybody else: what must not be logged.
  std::function<void(const std::string& token)> secret;
};

/// The tokens of a GitHub App's installation: asked for when needed, kept
/// until shortly before they end. Those who ask meanwhile wait for the same
/// answer. Fails when the private key cannot be read.
result<std::shared_ptr<token_source>>
make_app_tokens(std::shared_ptr<http_port> http, app_tokens_options options);

} // namespace pj
