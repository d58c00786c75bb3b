#include "apps/pj/signals.hpp"

#include "adapters/files.hpp"
#include "adapters/terminal/style.hpp"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

namespace pj {

namespace {

// Tells the thread to end; never sent by anybody else.
const int wake_up = SIGRTMIN;

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  for (int s : {SIGINT, SIGTERM, SIGHUP, wake_up})
    sigaddset(&set, s);
  return set;
}

/// Only on a terminal that takes it at once: it may be stopped (Ctrl-S).
void erase_status_line() {
  pollfd ready{STDERR_FILENO, POLLOUT, 0};
  if (look_at_terminal(STDERR_FILENO).is_terminal &&
      ::poll(&ready, 1, 0) == 1 && (ready.revents & POLLOUT) != 0)
    write_all(STDERR_FILENO, "\r\x1b[K");
}

std::string name_of(int number) {
  return number == SIGINT ? "SIGINT" : number == SIGTERM ? "SIGTERM" : "SIGHUP";
}

} // namespace

void prepare_signals() {
  for (int s : {SIGINT, SIGTERM, SIGHUP})
    ::signal(s, [](int) { ::_exit(130); });
  ::signal(SIGPIPE, SIG_IGN);
}

void block_signals() {
  const auto set = watched();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

signal_watch::signal_watch(std::function<void(std::string)> first)
  : thread_([first = std::move(first)] {
      const auto set = watched();
      for (bool seen = false;; seen = true) {
        int number = 0;
        while (::sigwait(&set, &number) != 0) {
        }
        if (number == wake_up)
          return;
        if (seen) {
          erase_status_line();
          ::_exit(130);
        }
        first(name_of(number));
      }
    }) {}

signal_watch::~signal_watch() {
  ::pthread_kill(thread_.native_handle(), wake_up);
  thread_.join();
}

} // namespace pj
