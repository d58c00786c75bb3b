#pragma once
#include "core/result.hpp"

#include <filesystem>
#include <mutex>
#include <stop_token>

namespace pj::git {

/// Who uses which mirror, over all processes: one file of the cache with a byte
/// for each mirror, read-locked by its users. The kernel lets go when a process
/// dies. Thread-safe.
class mirror_users {
public:
  explicit mirror_users(std::filesystem::path cache);
  ~mirror_users();
  mirror_users(const mirror_users&) = delete;
  mirror_users& operator=(const mirror_users&) = delete;

  /// From now on the mirror is in use, as long as this object lives. Waits
  /// while somebody removes it. The cache folder must exist.
  result<done> join(const std::filesystem::path& mirror, std::stop_token stop);

  /// Whether nobody uses the mirror; then nobody can begin to before `leave`.
  bool claim(const std::filesystem::path& mirror);

  void leave(const std::filesystem::path& mirror);

private:
  bool lock(const std::filesystem::path& mirror, short how);
  bool open_file();

  std::filesystem::path file_;
  std::mutex mutex_;
  int fd_ = -1;
};

} // namespace pj::git
