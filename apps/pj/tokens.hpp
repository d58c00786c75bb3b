#pragma once
#include "adapters/github/token_source.hpp"
#include "adapters/http/port.hpp"
#include "core/spec/task_spec.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace pj {

/// Where git and the API get their token from: the GitHub App, else
/// GITHUB_TOKEN, else null. Tokens are kept out of the log. Throws
/// `std::runtime_error` when the app's key cannot be used.
std::shared_ptr<token_source> make_tokens(std::shared_ptr<http_port> http,
                                          const task_secrets& secrets,
                                          const std::string& api);

/// The wall clock in seconds.
std::int64_t unix_now();

} // namespace pj
