#pragma once
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
    std::error_code ignored;
    std::filesystem::create_directories(parent, ignored);
    auto name = (parent / (prefix + "XXXXXX")).string();
    if (mkdtemp(name.data()))
      path_ = name;
  }

  scratch_folder(scratch_folder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

  scratch_folder& operator=(scratch_folder&&) = delete;

  ~scratch_folder() {
    if (!path_.empty())
      remove(path_);
  }

  const std::filesystem::path& path() const noexcept { return path_; }

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
};

} // namespace pj
