#include "adapters/git/mirror_users.hpp"

#include "adapters/git/errors.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>

namespace pj::git {

namespace {

/// How often a mirror that is being removed is tried.
constexpr std::chrono::milliseconds poll{20};

/// The mirror's byte. A hash of its name: should two meet, one is kept longer.
off_t byte_of(const std::filesystem::path& mirror) {
  constexpr std::size_t bits = 62;
  return static_cast<off_t>(
    std::hash<std::string>{}(mirror.filename().string()) &
    ((std::size_t{1} << bits) - 1));
}

void wait_a_little(const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any never;
  never.wait_for(lock, stop, poll, [] { return false; });
}

} // namespace

mirror_users::mirror_users(std::filesystem::path cache)
  : file_(std::move(cache) / "mirrors.used") {}

mirror_users::~mirror_users() {
  if (fd_ >= 0)
    ::close(fd_);
}

result<done> mirror_users::join(const std::filesystem::path& mirror,
                                std::stop_token stop) {
  while (!lock(mirror, F_RDLCK)) {
    const int error = errno;
    if (error != EAGAIN && error != EINTR)
      return cache_failure(file_, std::strerror(error));
    if (stop.stop_requested())
      return cancelled();
    wait_a_little(stop);
  }
  return done{};
}

bool mirror_users::claim(const std::filesystem::path& mirror) {
  return lock(mirror, F_WRLCK);
}

void mirror_users::leave(const std::filesystem::path& mirror) {
  lock(mirror, F_UNLCK);
}

bool mirror_users::lock(const std::filesystem::path& mirror, short how) {
  const std::lock_guard guard(mutex_);
  struct flock what {};
  what.l_type = how;
  what.l_whence = SEEK_SET;
  what.l_start = byte_of(mirror);
  what.l_len = 1;
  return open_file() && ::fcntl(fd_, F_OFD_SETLK, &what) == 0;
}

bool mirror_users::open_file() {
  if (fd_ < 0)
    fd_ = ::open(file_.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  return fd_ >= 0;
}

} // namespace pj::git
