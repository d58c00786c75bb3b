#pragma once
#include "core/http.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace pj {

/// A whole request as it arrived.
struct server_request {
  std::string method;
  std::string target; ///< path and query, as sent
  http_headers headers;
  std::string body;
};

/// Answers one request. Thread-safe; calls after the end are ignored, so a
/// client that went away needs no special care. Either one `reply`, or `begin`,
/// `write`*, `end`; `reset` cuts the connection at any moment.
class responder {
public:
  virtual ~responder() = default;
  virtual void reply(int status, http_headers headers, std::string body) = 0;

  /// Starts a chunked response.
  virtual void begin(int status, http_headers headers) = 0;
  virtual void write(std::string bytes) = 0;
  virtual void end() = 0;

  /// Closes with RST: what the client sees as "connection reset by peer".
  virtual void reset() = 0;

  /// The client is gone, or the response ended.
  virtual bool closed() const = 0;

  /// Calls back on the I/O thread after this long, also when closed.
  virtual void after(std::chrono::milliseconds delay,
                     std::function<void()> then) = 0;
};

using request_handler =
  std::function<void(server_request, std::shared_ptr<responder>)>;

struct server_options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0; ///< 0: any free one
  std::uint64_t max_body = 1u << 30;
  std::string certificate_pem; ///< with `key_pem`: TLS
  std::string key_pem;

  /// How long a new connection waits before it is served, asked for each of
  /// them; empty: not at all.
  std::function<std::chrono::milliseconds()> accept_delay;
};

/// A small HTTP/1.1 server on one thread of its own; many of them may share
/// it. Handlers run on that thread and must not block.
class http_server {
public:
  virtual ~http_server() = default;
  virtual std::uint16_t port() const = 0;
};

/// The thread that servers share. Ends when destroyed, after its servers.
class server_loop {
public:
  static std::shared_ptr<server_loop> make();
  virtual ~server_loop() = default;

  /// Throws `std::runtime_error` when the address cannot be bound.
  virtual std::unique_ptr<http_server> listen(server_options options,
                                              request_handler handler) = 0;
};

} // namespace pj
