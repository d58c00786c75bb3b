#pragma once
#include "actors/observer.hpp"
#include "adapters/task_log.hpp"
#include "core/task/outcome.hpp"

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace pj::batch {

/// The log of a batch's tasks, in the folder of its journal.
std::filesystem::path log_of(const std::filesystem::path& batch_folder);

/// Writes that a person cancelled these tasks while no engine was at work.
result<done> log_cancelled(const std::filesystem::path& batch_folder,
                           const std::vector<std::string>& tasks);

/// Writes what happens to the tasks of a batch into its log, and passes it on.
/// Thread-safe.
class chronicle final : public observer {
public:
  chronicle(std::shared_ptr<task_log> log, std::shared_ptr<observer> next)
    : log_(std::move(log)), next_(std::move(next)) {}

  /// An engine begins to work on so many tasks.
  void begins(std::size_t tasks);

  void stage(const std::string& task, pj::stage now,
             std::string_view what) override;
  void text(const std::string& task, std::string_view piece) override;
  void note(const std::string& task, log_kind kind,
            std::string_view line) override;
  void held(const std::string& task, bool now) override;
  void ended(const task_outcome& x);

  /// The engine is told to stop: later ends are its own, not the tasks'.
  void closes() { closed_ = true; }

  /// The engine is gone; `why` it stopped early, empty: it did not.
  void ends(const std::string& why);

private:
  const std::shared_ptr<task_log> log_;
  const std::shared_ptr<observer> next_;
  std::atomic<bool> closed_ = false;
};

} // namespace pj::batch
