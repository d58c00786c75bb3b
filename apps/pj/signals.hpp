#pragma once
#include <signal.h>

#include <functional>
#include <string>
#include <thread>

namespace pj {

/// SIGINT, SIGTERM and SIGHUP end the process with 130; a reader that went
/// away, and a file that may not grow, is an error of `write`, not the end.
void prepare_signals();

/// Blocks SIGINT, SIGTERM and SIGHUP for this thread and all it starts. To be
/// called before any thread exists that stays.
void block_signals();

/// While it lives, SIGINT, SIGTERM and SIGHUP wait; then they do what they do.
/// For a process with one thread.
class signals_held {
public:
  signals_held();
  ~signals_held();

  signals_held(const signals_held&) = delete;
  signals_held& operator=(const signals_held&) = delete;

  /// Whether one waits.
  bool any_came() const;

private:
  sigset_t before_;
};

/// Waits for the blocked signals on a thread of its own. The first one calls
/// `first` with its name; the second ends the process with 130 at once.
class signal_watch {
public:
  explicit signal_watch(std::function<void(std::string name)> first);
  ~signal_watch();

  signal_watch(const signal_watch&) = delete;
  signal_watch& operator=(const signal_watch&) = delete;

private:
  std::thread thread_;
};

} // namespace pj
