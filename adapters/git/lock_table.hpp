#pragma once
#include "core/result.hpp"

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>

namespace pj::git {

/// Names that threads of this process hold, each also as a locked file against
/// other processes. Thread-safe.
class lock_table {
public:
  /// Waits for `file`; gives the descriptor that holds it.
  result<int> take(const std::filesystem::path& file, std::stop_token stop);

  /// Gives back what `take` gave.
  void give_back(const std::string& file, int fd) noexcept;

private:
  result<int> lock_file(const std::filesystem::path& file,
                        std::stop_token stop);
  void forget(const std::string& file) noexcept;

  std::mutex mutex_;
  std::condition_variable_any freed_;
  std::set<std::string> held_;
};

} // namespace pj::git
