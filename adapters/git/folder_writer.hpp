#pragma once
#include "core/tree.hpp"

#include <filesystem>
#include <string_view>
#include <vector>

namespace pj::git {

/// Writes files below one folder and never outside of it: every step of a path
/// is opened as a real folder, links are made last and only when they stay
/// inside whatever else is there.
class folder_writer {
public:
  folder_writer() = default;
  ~folder_writer();
  folder_writer(const folder_writer&) = delete;
  folder_writer& operator=(const folder_writer&) = delete;

  /// Makes the folder when it is missing; fails when it is not empty.
  result<done> open(const std::filesystem::path& folder);

  /// Writes a file; notes a link for `finish`, leaves submodules out.
  result<done> write(std::string_view path, file_mode mode,
                     std::string_view content);

  /// Makes the links. Those that lead out are left out.
  result<done> finish();

private:
  struct link {
    std::string path;
    std::string target;
  };

  result<int> folder_of(std::string_view path);
  result<done> make_link(const link& what);

  int root_ = -1;
  int current_ = -1;         ///< the folder written to last
  std::string current_path_; ///< with '/' at the end; empty for the root
  std::vector<link> links_;
};

/// Whether a link at `path` with this target can only lead to places below
/// the root, whatever other such links there are.
bool stays_inside(std::string_view path, std::string_view target);

} // namespace pj::git
