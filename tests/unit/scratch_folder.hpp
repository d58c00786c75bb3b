#pragma once
#include <cstdlib>
#include <filesystem>
#include <string>

namespace pj::test {

/// A folder of its own for one test; removed with everything in it.
class scratch_folder {
public:
  scratch_folder() {
    auto name =
      (std::filesystem::temp_directory_path() / "pj-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  const std::filesystem::path& path() const { return path_; }

  std::filesystem::path operator/(const std::filesystem::path& below) const {
    return path_ / below;
  }

private:
  std::filesystem::path path_;
};

} // namespace pj::test
