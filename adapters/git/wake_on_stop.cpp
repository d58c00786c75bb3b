#include "adapters/git/wake_on_stop.hpp"

#include <pthread.h>
#include <signal.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <system_error>

namespace pj::git {

namespace {

/// A wake-up that comes just before the thread begins to wait is lost, so it
/// is sent again.
constexpr std::chrono::milliseconds pause{20};

/// Its handler does nothing; `poll` ends with EINTR all the same, which libgit2
/// takes for an error of the socket.
int wake_signal() {
  static const int number = [] {
    const int chosen = SIGRTMIN + 1;
    struct sigaction what {};
    what.sa_handler = [](int) {};
    ::sigaction(chosen, &what, nullptr);
    return chosen;
  }();
  return number;
}

void wake_again_and_again(const std::stop_token& enough, pthread_t sleeper) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  while (!enough.stop_requested()) {
    ::pthread_kill(sleeper, wake_signal());
    changed.wait_for(lock, enough, pause, [] { return false; });
  }
}

} // namespace

wake_on_stop::wake_on_stop(std::stop_token stop)
  : callback_(std::move(stop), [this, sleeper = ::pthread_self()] {
      try {
        waker_ = std::jthread([sleeper](const std::stop_token& enough) {
          wake_again_and_again(enough, sleeper);
        });
      } catch (const std::system_error&) {
        // No thread to be had: the call ends at its time-out.
      }
    }) {}

} // namespace pj::git
