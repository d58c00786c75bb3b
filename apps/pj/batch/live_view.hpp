#pragma once
#include "actors/observer.hpp"
#include "adapters/terminal/screen.hpp"
#include "core/task/outcome.hpp"

#include <map>
#include <mutex>
#include <string>

namespace pj::batch {

/// Shows a batch on standard error: a line per task that ended, the warnings
/// of all, and on a terminal one line of what is going on. While it lives, the
/// log goes through it. Thread-safe.
class live_view final : public observer {
public:
  /// Of `total` tasks, `ended` had ended before.
  live_view(std::size_t total, std::size_t ended);
  ~live_view() override;

  void stage(const std::string& task, pj::stage now,
             std::string_view what) override;
  void text(const std::string& task, std::string_view piece) override;
  void note(const std::string& task, log_kind kind,
            std::string_view line) override;
  void held(const std::string& task, bool now) override;

  /// `repository` as people know it.
  void ended(const task_outcome& outcome, const std::string& repository);

  /// What the status line says from now on, whatever the tasks do.
  void only(const std::string& what);

private:
  void show(); ///< needs the lock

  screen screen_;
  const screen::clock::time_point begun_ = screen::clock::now();
  const std::size_t total_;
  std::mutex mutex_;
  std::size_t ended_;
  std::size_t failed_ = 0;
  double cost_ = 0;
  std::map<std::string, std::string> doing_; ///< by task: "asking"
  bool closed_ = false;
};

} // namespace pj::batch
