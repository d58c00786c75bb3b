#pragma once
#include "adapters/http/port.hpp"
#include "adapters/http/proxy.hpp"
#include "adapters/http/resolver.hpp"
#include "adapters/http/tls.hpp"

namespace pj {

struct http_client_options {
  proxy_settings proxy;
  tls_options tls;
  std::string user_agent = "pithy-jaunt"; ///< where a request names none

  /// Connections kept for later, in all and for one origin.
  std::size_t max_kept = 1024;
  std::size_t max_kept_per_origin = 64;
  std::chrono::milliseconds kept_for{30'000};

  /// Connections to one origin that are being opened at a time; at least 1.
  /// More would only share this machine's cores and the server's backlog, and
  /// each has its `http_limits::connect` to come through.
  std::size_t max_opening_per_origin = 128;

  /// How names become addresses; may block.
  resolver::look_up_function look_up = pj::look_up;

  result<done> validate() const;
};

/// Speaks HTTP/1.1 on one thread of its own. A request is sent a second time
/// only when a kept connection proved dead before any byte of the response,
/// and only if none of its bytes was taken or its method may be repeated.
class http_client : public http_port {
public:
  /// Ends every exchange with `cancelled`, closes all connections and waits
  /// for the thread, unless called on it. From then on `start` ends exchanges
  /// at once, on the calling thread. The destructor does the same.
  virtual void shutdown() = 0;
};

/// Throws `std::invalid_argument` with one line when the options or the
/// trusted certificates cannot be used.
std::shared_ptr<http_client> make_http_client(http_client_options options);

} // namespace pj
