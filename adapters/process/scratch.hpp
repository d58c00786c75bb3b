#pragma once
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

namespace pj {

/// A new folder of the calling user's only, removed with the object.
class scratch_folder {
public:
  /// Makes `parent` too. Empty when the folder cannot be made.
  explicit scratch_folder(const std::filesystem::path& parent,
                          const std::string& prefix = "pj-") {
    std::filesystem::create_directories(parent, why_not_);
    auto name = (parent / (prefix + "XXXXXX")).string();
    if (why_not_)
      return;
    if (mkdtemp(name.data()))
      path_ = name;
    else
      why_not_ = {errno, std::generic_category()};
  }

  scratch_folder(scratch_folder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

  scratch_folder& operator=(scratch_folder&&) = delete;

  ~scratch_folder() {
    if (!path_.empty())
      remove(path_);
  }

  const std::filesystem::path& path() const noexcept { return path_; }

  /// Why `path` is empty.
  const std::error_code& why_not() const noexcept { return why_not_; }

  /// Commands leave folders behind that not even their owner may write.
  static void remove(const std::filesystem::path& folder) noexcept {
    namespace fs = std::filesystem;
    std::error_code failed;
    fs::remove_all(folder, failed);
    if (!failed)
      return;
    const auto skip = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator i(folder, skip, failed), end;
         !failed && i != end; i.increment(failed)) {
      std::error_code ignored;
      if (i->is_directory(ignored) && !i->is_symlink(ignored))
        fs::permissions(i->path(), fs::perms::owner_all, ignored);
    }
    fs::remove_all(folder, failed);
  }

private:
  std::filesystem::path path_;
  std::error_code why_not_;
};

} // namespace pj
