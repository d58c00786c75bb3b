#pragma once
#include "core/http.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string_view>
#include <utility>

namespace pj {

/// Bounds of one exchange. Zero durations mean "no bound".
struct http_limits {
  std::chrono::milliseconds connect{10'000}; ///< name, TCP, proxy and TLS
  std::chrono::milliseconds idle{60'000};    ///< without progress
  std::chrono::milliseconds total{600'000};  ///< from start to end
  std::uint64_t max_body = 16u << 20;        ///< bytes; more is a failure

  /// Refuse every address that is not public (loopback, private, link-local,
  /// CGNAT, v4-mapped forms …). The checked address is the one connected to.
  bool public_only = false;

  /// Send nothing: the exchange ends well, without a `head`, once name, TCP,
  /// proxy and TLS have worked.
  bool connect_only = false;
};

/// Receives one exchange on the I/O thread: `head`, `data`*, then exactly one
/// `end`. Must not block and must not throw.
class http_handler {
public:
  virtual ~http_handler() = default;
  virtual void head(int status, const http_headers& headers) = 0;

  /// The next bytes of the body, as read. Returning false ends the exchange
  /// (the connection is closed); `end` follows with no failure.
  virtual bool data(std::string_view bytes) = 0;

  /// Whether the bytes last given to `data` were progress, after which the
  /// idle time begins anew. A body with a form may ask for more than bytes.
  virtual bool progressed() { return true; }

  /// Null: the response was read to its end. Else why not: `retry` for
  /// network trouble, `fail` for TLS and refused addresses, `cancelled`.
  virtual void end(const failure* why) = 0;
};

/// Handle of a running exchange; 0 is never used.
using http_operation = std::uint64_t;

/// The way out over HTTP. Thread-safe. Never follows redirects. Connections
/// are kept and used again.
class http_port {
public:
  virtual ~http_port() = default;

  /// Starts an exchange; the handler is kept until its `end` returned.
  virtual http_operation start(http_request request, http_limits limits,
                               std::shared_ptr<http_handler> handler) = 0;

  /// Ends an exchange soon: its handler gets `end` with class `cancelled`
  /// unless it ended already.
  virtual void cancel(http_operation op) = 0;
};

namespace detail {

/// Keeps what arrives until the end.
class response_collector final : public http_handler {
public:
  explicit response_collector(std::function<void(result<http_response>)> then)
    : then_(std::move(then)) {}

  void head(int status, const http_headers& headers) override {
    response_.status = status;
    response_.headers = headers;
  }

  bool data(std::string_view bytes) override {
    response_.body += bytes;
    return true;
  }

  void end(const failure* why) override {
    if (why)
      then_(*why);
    else
      then_(std::move(response_));
  }

private:
  http_response response_;
  std::function<void(result<http_response>)> then_;
};

} // namespace detail

/// Collects a whole response, then calls `then` once, on the I/O thread.
/// Inline, so that actors need no more of an adapter than this interface.
inline http_operation fetch(http_port& http, http_request request,
                            http_limits limits,
                            std::function<void(result<http_response>)> then) {
  return http.start(
    std::move(request), limits,
    std::make_shared<detail::response_collector>(std::move(then)));
}

/// The same for threads that may wait.
inline std::future<result<http_response>>
fetch_later(http_port& http, http_request request, http_limits limits) {
  auto promise = std::make_shared<std::promise<result<http_response>>>();
  auto later = promise->get_future();
  fetch(http, std::move(request), limits, [promise](result<http_response> got) {
    promise->set_value(std::move(got));
  });
  return later;
}

} // namespace pj
