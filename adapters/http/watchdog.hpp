#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <memory>

namespace pj {

/// Some bounds on one timer, cheap to push back. Inside the client only: this
/// header brings Asio.
class watchdog : public std::enable_shared_from_this<watchdog> {
public:
  enum class bound : std::size_t { connect, idle, total };
  using clock = std::chrono::steady_clock;
  using milliseconds = std::chrono::milliseconds;

  explicit watchdog(boost::asio::io_context& io)
    : timer_(io, clock::time_point::max()) {}

  /// Calls `then` when a bound is reached, until `stop`.
  void start(std::function<void(bound)> then);

  /// From now on; zero: no bound. A bound that moves back costs nothing until
  /// the timer would have fired.
  void set(bound which, milliseconds after);
  void clear(bound which);
  void stop();

private:
  clock::time_point& at(bound which);
  void arm();
  void look();

  boost::asio::steady_timer timer_;
  std::function<void(bound)> then_;
  std::array<clock::time_point, 3> by_ = {clock::time_point::max(),
                                          clock::time_point::max(),
                                          clock::time_point::max()};
};

} // namespace pj
