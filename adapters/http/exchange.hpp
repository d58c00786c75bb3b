#pragma once
#include "adapters/http/connector.hpp"
#include "adapters/http/response_reader.hpp"
#include "adapters/http/watchdog.hpp"

namespace pj {

/// One request and its response. Lives on the I/O thread. Inside the client
/// only: this header brings Asio.
class exchange : public std::enable_shared_from_this<exchange> {
public:
  exchange(std::shared_ptr<exchange_world> world, http_request request,
           http_limits limits, std::shared_ptr<http_handler> handler);

  /// `gone` is called when nothing is left to do, some time after the
  /// handler's `end`.
  void start(std::function<void()> gone);

  /// Ends it soon with this failure, unless it ended already.
  void stop(failure why);

private:
  using awaitable = connection::awaitable<done>;

  boost::asio::awaitable<void> live();
  awaitable run();
  result<done> prepare();
  awaitable connect();
  awaitable converse();
  awaitable send();
  awaitable write(std::string_view bytes);
  awaitable receive();

  /// Reads once and hands on what came; whether the response goes on.
  connection::awaitable<bool> step();
  void hand_on(std::string_view body);

  /// The handler has its end; reads the rest of the response if it is short
  /// and comes soon, so that the connection can be kept.
  boost::asio::awaitable<void> drain();
  bool may_send_again() const;
  bool is_clean() const; ///< the connection can be used again
  void end(const result<done>& how);
  void ran_out(watchdog::bound which);

  std::shared_ptr<exchange_world> world_;
  http_request request_;
  http_limits limits_;
  std::shared_ptr<http_handler> handler_; ///< null after its end
  std::shared_ptr<watchdog> watchdog_;
  route way_;
  std::shared_ptr<connector> connector_;
  std::shared_ptr<connection> connection_;
  std::optional<response_reader> reader_;
  std::optional<failure> why_; ///< stopped by a person or a bound
  std::uint64_t sent_before_ = 0;
  bool repeatable_ = false;
  bool got_byte_ = false;
  bool gave_head_ = false;
  bool had_enough_ = false; ///< the handler wants no more
};

} // namespace pj
