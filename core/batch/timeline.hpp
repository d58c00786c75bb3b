#pragma once
#include "core/task/log_entry.hpp"
#include "core/task/stage.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pj::batch {

/// A stage of a task, or a part of it in which limits held the task back. Times
/// count from the batch's beginning; those when nobody worked are left out.
struct stretch {
  stage at = stage::recall;
  bool held = false;
  std::chrono::milliseconds from{0};
  std::chrono::milliseconds to{0};
};

/// One task's way, also over several runs.
struct task_course {
  std::vector<stretch> stretches; ///< in order, none within another
  std::optional<std::chrono::milliseconds> ended; ///< the last end
  std::string end;                                ///< its state: "failed"

  /// All stretches together.
  std::chrono::milliseconds took() const;
};

/// When the tasks of a batch were in which stage, as its log tells.
class timeline {
public:
  /// Takes the log's next line.
  void add(const log_entry& x);

  /// No further line comes: what is open ends with the last one.
  void finish();

  const std::map<std::string, task_course>& tasks() const { return tasks_; }
  std::chrono::milliseconds length() const { return now_; }

  /// Where a run began after another.
  const std::vector<std::chrono::milliseconds>& breaks() const {
    return breaks_;
  }

  /// Empty: nothing was logged.
  std::optional<wall_time> begun() const { return begun_; }

private:
  struct open_stretch {
    stage at = stage::recall;
    bool held = false;
    std::chrono::milliseconds since{0};
  };

  void pass_to(wall_time time, bool idle);
  void close(const std::string& task);
  void open(const std::string& task, stage at, bool held);

  std::optional<wall_time> begun_;
  wall_time last_;
  std::chrono::milliseconds now_{0};
  std::map<std::string, task_course> tasks_;
  std::map<std::string, open_stretch> open_;
  std::vector<std::chrono::milliseconds> breaks_;
};

} // namespace pj::batch
