#pragma once
#include "core/result.hpp"
#include "core/task/log_entry.hpp"

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace pj {

/// The log of all tasks of a batch, in one file that is only ever added to: a
/// JSON object a line. A line is written at once, so an end of the process
/// loses at most a part of the last one. Thread-safe.
class task_log {
public:
  /// Opens or makes the file (mode 0600); goes on after a line that a crash
  /// cut. Failures have code `configuration`.
  static result<std::shared_ptr<task_log>>
  open(const std::filesystem::path& path);

  ~task_log();
  task_log(const task_log&) = delete;
  task_log& operator=(const task_log&) = delete;

  /// Adds a line with the time of now. Secrets are replaced, control characters
  /// escaped, texts cut at 4 KiB. What the disk does not take is lost, which is
  /// told once.
  void add(const std::string& task, log_kind kind, std::string_view tag,
           std::string_view text) noexcept;

private:
  task_log(int fd, std::string path, bool torn)
    : fd_(fd), path_(std::move(path)), torn_(torn) {}
  void write(std::string line);

  std::mutex mutex_; ///< lines stand in the order of their times
  const int fd_;
  const std::string path_;
  std::atomic<bool> torn_; ///< the last line has no end
  std::atomic<bool> told_ = false;
};

/// Gives every line that is an entry, in the order of the file, also while it
/// grows; what is none is left out. Failures have code `configuration`.
result<done> read_task_log(const std::filesystem::path& path,
                           const std::function<void(const log_entry& x)>& each);

} // namespace pj
