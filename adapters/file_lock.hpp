#pragma once
#include "core/result.hpp"

#include <filesystem>
#include <string>

namespace pj {

/// An exclusive lock between processes, held while the object lives and gone
/// with the process however that ends. The file stays; it holds the pid of
/// whoever took the lock last.
class file_lock {
public:
  /// Never waits. When another process holds the lock, the failure says
  /// "WHAT: still running, pid N" (code `configuration`); other trouble has
  /// code `journal`.
  static result<file_lock> take(const std::filesystem::path& path,
                                const std::string& what);

  file_lock(file_lock&& other) noexcept;
  file_lock& operator=(file_lock&& other) noexcept;
  ~file_lock();

private:
  explicit file_lock(int fd) : fd_(fd) {}

  int fd_ = -1;
};

} // namespace pj
