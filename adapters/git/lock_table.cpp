#include "adapters/git/lock_table.hpp"

#include "adapters/git/errors.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

namespace pj::git {

namespace {

/// How often a file held by another process is tried: `flock` cannot wait for
/// a file and a stop request at once.
constexpr std::chrono::milliseconds poll{20};

} // namespace

result<int> lock_table::take(const std::filesystem::path& file,
                             std::stop_token stop) {
  {
    std::unique_lock lock(mutex_);
    if (!freed_.wait(lock, stop, [&] { return !held_.contains(file); }))
      return cancelled();
    held_.insert(file);
  }
  auto fd = lock_file(file, stop);
  if (!fd)
    forget(file);
  return fd;
}

result<int> lock_table::lock_file(const std::filesystem::path& file,
                                  std::stop_token stop) {
  const int fd = ::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    return cache_failure(file, std::strerror(errno));
  while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    std::unique_lock lock(mutex_);
    const bool waiting = error == EWOULDBLOCK || error == EINTR;
    if (waiting)
      freed_.wait_for(lock, stop, poll, [] { return false; });
    if (waiting && !stop.stop_requested())
      continue;
    ::close(fd);
    return waiting ? cancelled() : cache_failure(file, std::strerror(error));
  }
  return fd;
}

void lock_table::give_back(const std::string& file, int fd) noexcept {
  ::close(fd);
  forget(file);
}

void lock_table::forget(const std::string& file) noexcept {
  const std::lock_guard lock(mutex_);
  held_.erase(file);
  freed_.notify_all();
}

} // namespace pj::git
