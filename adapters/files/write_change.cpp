#include "adapters/files/write_change.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <functional>

namespace pj {

namespace {

namespace fs = std::filesystem;

struct stopped {
  std::string why;
};

[[noreturn]] void stop(const std::string& what, const fs::path& at) {
  throw stopped{what + " " + at.string() + ": " + std::strerror(errno)};
}

bool is_link(const fs::path& at) {
  struct stat s {};
  return ::lstat(at.c_str(), &s) == 0 && S_ISLNK(s.st_mode);
}

/// No folder on the way, nor the file itself, is a link.
void refuse_links(const fs::path& root, const std::string& path) {
  auto at = root;
  for (const auto& part : fs::path(path)) {
    at /= part;
    if (is_link(at))
      throw stopped{at.string() + " is a symbolic link; nothing is written"
                                  " through links"};
  }
}

void write_all(int fd, std::string_view bytes, const fs::path& at) {
  while (!bytes.empty()) {
    const auto n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      stop("cannot write", at);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

class open_file {
public:
  explicit open_file(int fd) : fd_(fd) {}
  ~open_file() {
    if (fd_ >= 0)
      ::close(fd_);
  }
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;
  int get() const noexcept { return fd_; }
  bool close() {
    const int fd = fd_;
    fd_ = -1;
    return ::close(fd) == 0;
  }

private:
  int fd_;
};

/// Does steps that can be taken back, and takes them back unless committed.
class journey {
public:
  explicit journey(const fs::path& root) : root_(root) {}

  ~journey() { drop_temporary(); }
  journey(const journey&) = delete;
  journey& operator=(const journey&) = delete;

  /// The bytes lie beside their place, on disk, under another name.
  void prepare(const file_change& c) {
    refuse_links(root_, c.path);
    const auto at = root_ / c.path;
    make_folders(at.parent_path());
    const auto beside = temporary_name(at);
    const auto mode = c.mode == file_mode::executable ? 0777 : 0666;
    open_file f(::open(beside.c_str(),
                       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                       mode));
    if (f.get() < 0)
      stop("cannot write", beside);
    temporary_.push_back(beside);
    keep_mode(f.get(), at, c.mode);
    write_all(f.get(), c.content, beside);
    if (::fsync(f.get()) != 0 || !f.close())
      stop("cannot write", beside);
    ready_.emplace_back(beside, at);
  }

  /// What stands at a path gets another name; when it will be replaced it keeps
  /// the old one too, so that there is no moment without the file.
  void set_aside(const std::string& path, bool replaced) {
    refuse_links(root_, path);
    const auto at = root_ / path;
    struct stat s {};
    if (::lstat(at.c_str(), &s) != 0) {
      if (errno == ENOENT || errno == ENOTDIR)
        return;
      stop("cannot look at", at);
    }
    if (S_ISDIR(s.st_mode))
      throw stopped{at.string() + " is a folder"};
    const auto aside = temporary_name(at);
    const bool linked = replaced && ::link(at.c_str(), aside.c_str()) == 0;
    if (!linked && ::rename(at.c_str(), aside.c_str()) != 0)
      stop("cannot move", at);
    undo_.push_back([aside, at] {
      // Renaming one name of a file onto another of it leaves both.
      const int failed = ::rename(aside.c_str(), at.c_str());
      if (failed == 0)
        ::unlink(aside.c_str());
      return failed;
    });
    aside_.push_back(aside);
  }

  void put_in_place() {
    for (const auto& [beside, at] : ready_) {
      if (::rename(beside.c_str(), at.c_str()) != 0)
        stop("cannot rename to", at);
      undo_.push_back([at = at] { return ::unlink(at.c_str()); });
    }
  }

  void commit() {
    undo_.clear();
    for (const auto& aside : aside_)
      ::unlink(aside.c_str());
  }

  /// Says what could not be put back; empty: all is as it was.
  std::string take_back() {
    drop_temporary();
    std::string left;
    for (auto i = undo_.rbegin(); i != undo_.rend(); ++i)
      if ((*i)() != 0)
        left +=
          std::string("a step back failed: ") + std::strerror(errno) + '\n';
    undo_.clear();
    return left;
  }

private:
  void drop_temporary() {
    for (const auto& path : temporary_)
      ::unlink(path.c_str());
    temporary_.clear();
  }

  /// Keeps owner-made permissions of a file that is replaced.
  static void keep_mode(int fd, const fs::path& at, file_mode mode) {
    struct stat s {};
    if (::lstat(at.c_str(), &s) != 0 || !S_ISREG(s.st_mode))
      return;
    auto bits = s.st_mode & 07777;
    const bool executable = mode == file_mode::executable;
    if (executable && (bits & 0111) == 0)
      bits |= (bits & 0444) >> 2;
    if (!executable)
      bits &= ~mode_t{0111};
    ::fchmod(fd, bits);
  }

  void make_folders(const fs::path& folder) {
    struct stat s {};
    if (folder.empty() ||
        (::stat(folder.c_str(), &s) == 0 && S_ISDIR(s.st_mode)))
      return;
    make_folders(folder.parent_path());
    if (::mkdir(folder.c_str(), 0777) != 0)
      stop("cannot make the folder", folder);
    undo_.push_back([folder] { return ::rmdir(folder.c_str()); });
  }

  /// A name beside `at` that nothing has.
  fs::path temporary_name(const fs::path& at) {
    for (;;) {
      auto out = at.parent_path() / (".pj-" + std::to_string(::getpid()) + '-' +
                                     std::to_string(next_++) + ".tmp");
      struct stat s {};
      if (::lstat(out.c_str(), &s) != 0)
        return out;
    }
  }

  const fs::path& root_;
  std::vector<std::pair<fs::path, fs::path>> ready_;
  std::vector<fs::path> temporary_;
  std::vector<fs::path> aside_;
  std::vector<std::function<int()>> undo_;
  int next_ = 0;
};

/// Folders that became empty go too, as git does it.
void drop_empty_folders(const fs::path& root, const std::string& path) {
  auto at = fs::path(path).parent_path();
  while (!at.empty() && ::rmdir((root / at).c_str()) == 0)
    at = at.parent_path();
}

void write_or_throw(journey& j, const change_set& change) {
  for (const auto& c : change.files)
    if (c.kind != change_kind::remove)
      j.prepare(c);
  for (const auto& c : change.files) {
    j.set_aside(c.path, c.kind != change_kind::remove);
    if (c.kind == change_kind::rename)
      j.set_aside(c.old_path, false);
  }
  j.put_in_place();
  j.commit();
}

failure undone(journey& j, const std::string& why) {
  failure out;
  out.kind = failure_class::fail;
  out.code = failure_code::patch;
  out.details = j.take_back();
  out.what = "the patch was not written: " + why;
  return out;
}

} // namespace

result<done> write_change(const fs::path& root, const change_set& change) {
  journey j(root);
  try {
    write_or_throw(j, change);
  } catch (const stopped& s) {
    return undone(j, s.why);
  } catch (const std::exception& e) { // no memory, or the library's own
    return undone(j, e.what());
  }
  for (const auto& c : change.files)
    if (c.kind == change_kind::remove || c.kind == change_kind::rename)
      drop_empty_folders(root,
                         c.kind == change_kind::remove ? c.path : c.old_path);
  return done{};
}

} // namespace pj
