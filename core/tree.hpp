#pragma once
#include "core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pj {

/// git's file modes, the only ones a tree may hold.
enum class file_mode : std::uint32_t {
  regular = 0100644,
  executable = 0100755,
  symlink = 0120000,
  submodule = 0160000,
};

/// One path of a tree. Directories are implied by the paths.
struct tree_entry {
  std::string path; ///< relative, '/' between parts, as the repository has it
  file_mode mode = file_mode::regular;
  std::string id;         ///< 40 hex digits; empty when the tree is a folder
  std::uint64_t size = 0; ///< bytes; 0 for submodules
};

/// Read-only files of a repository at one commit, or of a folder.
/// Implementations may be read from several threads at once.
class source_tree {
public:
  virtual ~source_tree() = default;

  /// All files, sorted by path (byte order).
  virtual const std::vector<tree_entry>& entries() const = 0;

  /// The entry with exactly this path, or null. Pointer lives as long as the
  /// tree.
  virtual const tree_entry* find(std::string_view path) const = 0;

  /// The bytes of a file; a link's bytes are its target. Fails with
  /// `failure_code::git` when the path is not there or cannot be read.
  virtual result<std::string> read(std::string_view path) const = 0;
};

/// Finds in a sorted `entries()`; what most implementations of `find` need.
const tree_entry* find_entry(const std::vector<tree_entry>& sorted,
                             std::string_view path) noexcept;

} // namespace pj
