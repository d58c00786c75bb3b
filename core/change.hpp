#pragma once
#include "core/tree.hpp"

#include <string>
#include <vector>

namespace pj {

enum class change_kind : std::uint8_t { add, modify, remove, rename };

/// What happens to one path. The whole new content, never a delta.
struct file_change {
  change_kind kind = change_kind::modify;
  std::string path;                    ///< the path after the change
  std::string old_path;                ///< only for `rename`
  file_mode mode = file_mode::regular; ///< after the change
  std::string content;                 ///< bytes after; empty for `remove`
  std::string before; ///< bytes before; empty for `add`
};

/// All files of one answer; applied whole or not at all.
struct change_set {
  std::vector<file_change> files; ///< sorted by path, each path once
  std::vector<std::string> risky; ///< paths a person should look at
  std::vector<std::string> notes; ///< repairs made, one plain line each
};

/// The change as a git-style unified diff with three lines of context.
/// Binary content is named, not shown.
std::string to_unified_diff(const change_set& change);

} // namespace pj
