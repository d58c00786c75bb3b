#include "apps/pj/signals.hpp"

#include "adapters/files.hpp"
#include "adapters/terminal/style.hpp"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace pj {

namespace {

// Tells the thread to end; never sent by anybody else.
const int wake_up = SIGRTMIN;

constexpr std::array endings = {SIGINT, SIGTERM, SIGHUP};

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, wake_up);
  for (int s : endings)
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
  for (int s : endings)
    ::signal(s, [](int) { ::_exit(130); });
  for (int s : {SIGPIPE, SIGXFSZ})
    ::signal(s, SIG_IGN);
}

void block_signals() {
  const auto set = watched();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

signals_held::signals_held() {
  const auto set = watched();
  ::pthread_sigmask(SIG_BLOCK, &set, &before_);
}

signals_held::~signals_held() {
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

bool signals_held::any_came() const {
  sigset_t waiting;
  sigemptyset(&waiting);
  ::sigpending(&waiting);
  return std::any_of(endings.begin(), endings.end(),
                     [&](int s) { return sigismember(&waiting, s) == 1; });
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
