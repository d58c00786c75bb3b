#pragma once
#include "adapters/git/handles.hpp"
#include "core/result.hpp"

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

namespace pj::git {

class lock_table;
class mirror_users;

/// While it lives, no other thread and no other process changes the mirror.
/// The kernel lets go when the process dies.
class mirror_lock {
public:
  mirror_lock(lock_table& table, std::string name, int fd) noexcept;
  mirror_lock(mirror_lock&& other) noexcept;
  mirror_lock& operator=(mirror_lock&&) = delete;
  ~mirror_lock();

private:
  lock_table* table_;
  std::string name_;
  int fd_;
};

/// A mirror and a handle on it for one thread.
struct open_mirror {
  std::filesystem::path folder;
  repository_ptr repository;
};

/// The bare repositories of the cache, one per URL. Thread-safe.
class mirrors {
public:
  explicit mirrors(std::filesystem::path cache);
  ~mirrors();

  /// Where the mirror of `url` is or would be: a readable part and a hash.
  std::filesystem::path folder(const std::string& url) const;

  /// Waits until nobody else changes the mirror.
  result<mirror_lock> lock(const std::filesystem::path& mirror,
                           std::stop_token stop);

  /// Opens the mirror; makes or mends it first when it must. It is in use from
  /// then on: `prune_mirrors` of whatever process leaves it.
  result<open_mirror> open(const std::filesystem::path& mirror,
                           std::stop_token stop);

  /// Removes a mirror that turned out to be broken.
  result<done> discard(const std::filesystem::path& mirror,
                       std::stop_token stop);

private:
  result<done> make_cache() const;
  result<open_mirror> open_or_mend(const std::filesystem::path& mirror,
                                   std::stop_token stop);

  std::filesystem::path cache_;
  std::unique_ptr<lock_table> table_;
  std::unique_ptr<mirror_users> users_;
};

/// Marks a mirror as being written to; a mirror that still has the mark when
/// nobody holds its lock was left by a crash.
class writing_mark {
public:
  writing_mark(const std::filesystem::path& mirror, const mirror_lock& held);
  ~writing_mark();
  writing_mark(const writing_mark&) = delete;
  writing_mark& operator=(const writing_mark&) = delete;

private:
  std::filesystem::path file_;
};

/// Makes an empty bare repository in a new folder.
result<done> make_bare(const std::filesystem::path& folder);

/// Opens an existing bare repository, shallow or not.
repository_ptr open_bare(const std::filesystem::path& folder);

} // namespace pj::git
