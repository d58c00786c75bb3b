#pragma once
#include "adapters/github/repository_lister.hpp"
#include "adapters/github/token_source.hpp"
#include "adapters/http/port.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace pj {

struct rest_lister_options {
  std::string api;                      ///< without trailing '/'
  std::shared_ptr<token_source> tokens; ///< null: nothing private is seen
  std::string token = "GITHUB_TOKEN";   ///< how people know it
  std::function<std::int64_t()> unix_now;
  std::function<void(std::chrono::milliseconds)> wait; ///< between tries
};

/// Lists by GitHub's REST API, page after page. Tries a page three times when
/// that may help and GitHub asks for no more than a minute.
std::unique_ptr<repository_lister>
make_rest_lister(std::shared_ptr<http_port> http, rest_lister_options options);

} // namespace pj
