#pragma once
#include "adapters/http/origin.hpp"
#include "adapters/http/proxy.hpp"
#include "core/http.hpp"

namespace pj {

/// The way a request takes.
struct route {
  origin where;
  std::optional<proxy> through;
  bool tunnels = false; ///< asks the proxy for a tunnel
  std::string key;      ///< same key: the same connections will do

  /// Who is connected to first.
  const std::string& first_host() const;
  std::uint16_t first_port() const;

  /// The proxy, when it reads the request itself.
  const proxy* forwarder() const;
};

/// With `checks_address`, even plain http is tunnelled through a proxy, so that
/// the address checked is the one that is asked.
result<route> plan_route(const std::string& url, const proxy_settings& settings,
                         bool checks_address);

} // namespace pj
