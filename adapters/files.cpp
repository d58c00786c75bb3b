#include "adapters/files.hpp"

#include "core/escape.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace pj {

namespace {

namespace fs = std::filesystem;

failure unusable(const fs::path& path, const std::string& why) {
  return {failure_class::fail,
          failure_code::configuration,
          escaped(path.string()) + ": " + why,
          "",
          {}};
}

std::string cause_of(int error) {
  return std::generic_category().message(error);
}

/// Closes what it opened; standard input is left open.
class open_file {
public:
  explicit open_file(const fs::path& path)
    : fd_(path == "-" ? STDIN_FILENO
                      : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~open_file() {
    if (fd_ > STDIN_FILENO)
      ::close(fd_);
  }
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;

  bool is_open() const { return fd_ >= 0; }

  /// Like read(2), but goes on after signals.
  ssize_t read(char* to, std::size_t size) const {
    for (;;) {
      const auto n = ::read(fd_, to, size);
      if (n >= 0 || errno != EINTR)
        return n;
    }
  }

private:
  int fd_;
};

} // namespace

result<std::string> read_whole_file(const fs::path& path,
                                    std::size_t max_bytes) {
  const open_file file(path);
  if (!file.is_open())
    return unusable(path, cause_of(errno));
  std::string out;
  std::array<char, 1u << 16> piece{};
  for (;;) {
    const auto n = file.read(piece.data(), piece.size());
    if (n < 0)
      return unusable(path, cause_of(errno));
    if (n == 0)
      return out;
    out.append(piece.data(), static_cast<std::size_t>(n));
    if (out.size() > max_bytes)
      return unusable(path, "more than " + std::to_string(max_bytes) +
                              " bytes are not accepted");
  }
}

result<done> write_whole_file(const fs::path& path, std::string_view bytes) {
  std::error_code none;
  const auto kind = fs::status(path, none).type();
  const bool replace =
    kind == fs::file_type::regular || kind == fs::file_type::not_found;
  auto target = path;
  if (replace)
    target += "." + std::to_string(::getpid()) + ".part";
  const int fd =
    ::open(target.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0)
    return unusable(path, cause_of(errno));
  bool good = write_all(fd, bytes);
  good = ::close(fd) == 0 && good;
  if (good && (!replace || ::rename(target.c_str(), path.c_str()) == 0))
    return done{};
  const int error = errno;
  if (replace)
    ::unlink(target.c_str());
  return unusable(path, cause_of(error));
}

bool is_private_file(const fs::path& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && info.st_uid == ::geteuid() &&
         (info.st_mode & 077) == 0;
}

result<done> make_private_folder(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error))
    return done{};
  if (path.has_parent_path() && path.parent_path() != path)
    if (auto above = make_private_folder(path.parent_path()); !above)
      return above;
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    return unusable(path, "cannot make the folder: " + cause_of(errno));
  if (!fs::is_directory(path, error))
    return unusable(path, "is not a folder");
  return done{};
}

bool write_all(int fd, std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const auto n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno != EINTR)
      return false;
    bytes.remove_prefix(n < 0 ? 0 : static_cast<std::size_t>(n));
  }
  return true;
}

} // namespace pj
