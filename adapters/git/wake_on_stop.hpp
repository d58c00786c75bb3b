#pragma once
#include <functional>
#include <stop_token>
#include <thread>

namespace pj::git {

/// While it lives, a stop ends the system calls in which this thread waits for
/// a server: libgit2 would notice no earlier than at its next time-out.
class wake_on_stop {
public:
  explicit wake_on_stop(std::stop_token stop);

private:
  std::jthread waker_; ///< runs once stopped
  std::stop_callback<std::function<void()>> callback_;
};

} // namespace pj::git
