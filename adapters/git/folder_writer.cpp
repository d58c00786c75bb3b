#include "adapters/git/folder_writer.hpp"

#include "adapters/git/errors.hpp"
#include "core/text.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace pj::git {

namespace {

failure cannot_write(std::string_view path, int error) {
  return final_failure("cannot write " + printable(path) +
                       " into the work folder: " + std::strerror(error));
}

int close_and_forget(int& fd) {
  const int was = fd;
  fd = -1;
  return was < 0 ? 0 : ::close(was);
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno != EINTR)
      return false;
    bytes.remove_prefix(n < 0 ? 0 : static_cast<std::size_t>(n));
  }
  return true;
}

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

std::string_view parent_of(std::string_view path) {
  return path.substr(0, path.rfind('/') + 1);
}

} // namespace

folder_writer::~folder_writer() {
  close_and_forget(current_);
  close_and_forget(root_);
}

result<done> folder_writer::open(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error && !std::filesystem::is_empty(folder, error) && !error)
    error = std::make_error_code(std::errc::directory_not_empty);
  if (error)
    return cannot_write(folder.string(), error.value());
  root_ = ::open(folder.c_str(), O_DIRECTORY | O_CLOEXEC);
  current_ = root_ < 0 ? -1 : ::dup(root_);
  if (current_ < 0)
    return cannot_write(folder.string(), errno);
  return done{};
}

result<int> folder_writer::folder_of(std::string_view path) {
  const auto wanted = parent_of(path);
  if (current_ >= 0 && wanted == current_path_)
    return current_;
  close_and_forget(current_);
  int at = ::dup(root_);
  for (auto rest = wanted; !rest.empty() && at >= 0;) {
    const std::string part(rest.substr(0, rest.find('/')));
    rest.remove_prefix(part.size() + 1);
    ::mkdirat(at, part.c_str(), 0777);
    const int next =
      ::openat(at, part.c_str(), O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    const int error = errno;
    ::close(at);
    errno = error;
    at = next;
  }
  if (at < 0)
    return cannot_write(path, errno);
  current_ = at;
  current_path_ = wanted;
  return at;
}

result<done> folder_writer::write(std::string_view path, file_mode mode,
                                  std::string_view content) {
  if (mode == file_mode::submodule)
    return done{};
  if (mode == file_mode::symlink) {
    links_.push_back({std::string(path), std::string(content)});
    return done{};
  }
  const auto folder = folder_of(path);
  if (!folder)
    return folder.error();
  int fd = ::openat(*folder, std::string(name_of(path)).c_str(),
                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                    mode == file_mode::executable ? 0777 : 0666);
  const bool written = fd >= 0 && write_all(fd, content);
  const int error = errno;
  if (close_and_forget(fd) != 0 || !written)
    return cannot_write(path, error);
  return done{};
}

result<done> folder_writer::finish() {
  for (const auto& one : links_)
    if (stays_inside(one.path, one.target))
      if (auto ok = make_link(one); !ok)
        return ok;
  links_.clear();
  return done{};
}

result<done> folder_writer::make_link(const link& what) {
  const auto folder = folder_of(what.path);
  if (!folder)
    return folder.error();
  if (::symlinkat(what.target.c_str(), *folder,
                  std::string(name_of(what.path)).c_str()) != 0)
    return cannot_write(what.path, errno);
  return done{};
}

bool stays_inside(std::string_view path, std::string_view target) {
  if (target.empty() || target.front() == '/' ||
      target.find('\0') != target.npos)
    return false;
  // After a step down `..` may lead anywhere: the step may be a link itself.
  auto depth = std::count(path.begin(), path.end(), '/');
  bool went_down = false;
  for (const auto part : split(target, '/')) {
    if (part == "..") {
      if (went_down || --depth < 0)
        return false;
    } else if (!part.empty() && part != ".") {
      went_down = true;
    }
  }
  return true;
}

} // namespace pj::git
