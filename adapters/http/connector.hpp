#pragma once
#include "adapters/http/client.hpp"
#include "adapters/http/connection.hpp"
#include "adapters/http/connection_pool.hpp"
#include "adapters/http/route.hpp"
#include "adapters/http/turnstile.hpp"

#include <boost/asio/steady_timer.hpp>

namespace pj {

/// What the exchanges of one client share, on its I/O thread.
struct exchange_world {
  exchange_world(http_client_options given, std::shared_ptr<tls_context> roots);

  http_client_options options;
  std::shared_ptr<tls_context> tls;
  boost::asio::io_context io{1};
  connection_pool kept;
  turnstile openings;
  resolver names;
};

/// Makes one connection: name, TCP, proxy, TLS. Lives on the I/O thread.
/// Inside the client only: this header brings Asio.
class connector : public std::enable_shared_from_this<connector> {
public:
  struct settings {
    bool public_only = false;
    std::chrono::milliseconds bound{0}; ///< shared by addresses; 0: none
  };

  connector(std::shared_ptr<exchange_world> world, const route& way,
            settings limits);
  ~connector();

  /// Until not too many others open connections on this way.
  connection::awaitable<done> wait_for_turn();

  connection::awaitable<std::shared_ptr<connection>> connect();

  /// What is awaited ends with a failure soon.
  void stop();

private:
  using awaitable = connection::awaitable<done>;

  /// Resolves into `found_`, checked when only public ones will do.
  awaitable find(std::string host, bool checked);
  result<done> take(const result<addresses>& answer, bool checked);
  awaitable dial();
  awaitable try_address(ip_address address, std::size_t left);
  awaitable secure();
  awaitable tunnel();
  awaitable read_tunnel_answer();

  std::shared_ptr<exchange_world> world_;
  const route& way_;
  settings limits_;
  boost::asio::steady_timer timer_;
  std::optional<result<addresses>> answer_;
  addresses found_;
  std::string tunnel_target_;
  std::shared_ptr<connection> connection_;
  bool has_turn_ = false;
  bool stopped_ = false;
};

} // namespace pj
