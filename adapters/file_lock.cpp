#include "adapters/file_lock.hpp"

#include "core/text.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace pj {

namespace {

failure held_by(int fd, const std::string& what) {
  std::array<char, 32> pid{};
  const auto n = ::pread(fd, pid.data(), pid.size(), 0);
  const std::string_view text(pid.data(),
                              n > 0 ? static_cast<std::size_t>(n) : 0);
  return {failure_class::fail,
          failure_code::configuration,
          what + ": still running, pid " +
            (text.empty() ? "unknown" : printable(trimmed(text))),
          "",
          {}};
}

failure broken(const std::string& what, int error) {
  return {failure_class::fail,
          failure_code::journal,
          what +
            ": cannot be locked: " + std::generic_category().message(error),
          "",
          {}};
}

/// Only for people; a full disk must not stop the engine here.
void note_pid(int fd) {
  const auto pid = std::to_string(::getpid()) + '\n';
  if (::ftruncate(fd, 0) == 0)
    (void)!::pwrite(fd, pid.data(), pid.size(), 0);
}

} // namespace

result<file_lock> file_lock::take(const std::filesystem::path& path,
                                  const std::string& what) {
  const int fd =
    ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return broken(what, errno);
  file_lock out(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0)
    return errno == EWOULDBLOCK ? held_by(fd, what) : broken(what, errno);
  note_pid(fd);
  return out;
}

file_lock::file_lock(file_lock&& other) noexcept
  : fd_(std::exchange(other.fd_, -1)) {}

file_lock& file_lock::operator=(file_lock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

file_lock::~file_lock() {
  if (fd_ >= 0)
    ::close(fd_);
}

} // namespace pj
