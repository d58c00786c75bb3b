#pragma once
#include "core/result.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pj {

/// Which requests go through a proxy. URLs are `http://[user:password@]host
/// [:port]`; user and password may be percent-encoded.
struct proxy_settings {
  std::string for_https; ///< empty: none
  std::string for_http;  ///< empty: none

  /// Hosts that are asked directly, separated by commas: a name (and all below
  /// it), an address, a network such as 10.0.0.0/8, each with an optional
  /// port, or `*`.
  std::string except;

  /// Loopback is asked directly unless this is set.
  bool loopback_too = false;

  /// Fails when a URL cannot be used. Never repeats what may hold a password.
  result<done> validate() const;
};

/// A proxy as it is spoken to.
struct proxy {
  std::string host; ///< without brackets
  std::uint16_t port = 0;

  /// Value of `Proxy-Authorization`; empty: none. A secret.
  std::string authorization;
};

/// The settings of `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`; in
/// small letters they win. `HTTP_PROXY` in capitals is ignored in a CGI program
/// (`REQUEST_METHOD` is set), where a client of that program could choose it.
proxy_settings proxy_settings_from_environment();

/// The same from any source of variables.
proxy_settings proxy_settings_from(
  const std::function<std::optional<std::string>(const char*)>& variable);

/// The proxy for a host, or nothing when it is asked directly.
result<std::optional<proxy>> choose_proxy(const proxy_settings& settings,
                                          bool https, std::string_view host,
                                          std::uint16_t port);

} // namespace pj
