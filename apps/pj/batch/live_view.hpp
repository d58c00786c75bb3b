#pragma once
#include "actors/observer.hpp"
#include "adapters/terminal/screen.hpp"
#include "apps/pj/batch/live_lines.hpp"
#include "core/task/outcome.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

namespace pj::batch {

/// What a live view knows before anything happens.
struct live_start {
  std::size_t total = 0;  ///< tasks
  std::size_t ended = 0;  ///< before
  std::size_t failed = 0; ///< of these
  double spent = 0;       ///< US dollars, before
  std::optional<double> max_spent;
  std::map<std::string, std::string> names; ///< of repositories, by task
};

/// Shows a batch on standard error: a line per task that ended, the warnings
/// of all, and on a terminal some lines of what is going on. While it lives,
/// the log goes through it. What happens costs the same however many tasks
/// there are. Thread-safe.
class live_view final : public observer {
public:
  using clock = std::chrono::steady_clock;

  /// Asks how long GitHub's pace makes the open pull requests wait; the answer
  /// comes later, on any thread.
  using forecaster = std::function<void(std::function<void(std::string)> then)>;

  /// Writes to `fd`; `now` is the clock.
  live_view(live_start start, int fd, terminal_facts facts,
            std::function<clock::time_point()> now = clock::now);
  ~live_view() override;

  void stage(const std::string& task, pj::stage now,
             std::string_view what) override;
  void text(const std::string& task, std::string_view piece) override;
  void note(const std::string& task, log_kind kind,
            std::string_view line) override;
  void held(const std::string& task, bool now) override;
  void ended(const task_outcome& outcome);

  /// Whom to ask for the forecast, until `only`.
  void ask_forecast_of(forecaster from);

  /// What the view says from now on, whatever the tasks do; empty: nothing.
  void only(const std::string& what);

  /// What it would show now.
  live_state state() const;

private:
  struct running {
    pj::stage at = pj::stage::recall;
    bool held = false;
    clock::time_point since;
    std::uint64_t number = 0; ///< among those begun
  };

  const std::string& name_of(const std::string& task) const;
  void count(const running& x, bool in); ///< needs the lock
  forecaster due_forecast(const running& x);
  void remove(const std::string& task);

  screen screen_;
  const live_start start_;
  const bool unicode_;
  const std::function<clock::time_point()> now_;
  const clock::time_point begun_;
  mutable std::mutex mutex_; ///< never held while something is printed
  live_state state_;
  std::unordered_map<std::string, running> doing_; ///< by task
  std::map<std::uint64_t, std::string> by_age_;    ///< the tasks of `doing_`
  std::uint64_t last_number_ = 0;
  forecaster forecast_;
  clock::time_point forecast_at_;
  bool closed_ = false;
};

} // namespace pj::batch
