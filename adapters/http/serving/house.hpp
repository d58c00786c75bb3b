#pragma once
#include "adapters/http/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_set>

namespace pj::serving {

/// The io_context and the one door into it for other threads.
struct gate {
  boost::asio::io_context io{1};
  std::mutex mutex;
  bool open = true;

  bool inside() { return io.get_executor().running_in_this_thread(); }

  /// Runs now when on the I/O thread; drops the job once shut.
  void run(std::function<void()> job);

  /// `run`, and waits until the job is done.
  void run_and_wait(const std::function<void()>& job);

  /// Drops what comes from now on.
  void shut();
};

class guest;

/// What the connections of one server share. Lives on the I/O thread.
struct house {
  house(std::shared_ptr<gate> g, server_options o, request_handler h);

  /// Throws `boost::system::system_error`.
  void open();

  /// Closes all connections and forgets the handler.
  void close();

  std::shared_ptr<gate> door;
  server_options options;
  request_handler handler;
  boost::asio::ip::tcp::acceptor acceptor;
  boost::asio::steady_timer pause; ///< before an accept
  std::optional<boost::asio::ssl::context> tls;
  std::unordered_set<std::shared_ptr<guest>> guests;
  std::unordered_set<std::shared_ptr<boost::asio::steady_timer>> timers;
  bool closed = false;
};

} // namespace pj::serving
