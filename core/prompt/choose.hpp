#pragma once
#include "core/prompt/prompt.hpp"
#include "core/prompt/render.hpp"
#include "core/tree.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace pj::prompt {

/// The content that goes into a prompt.
struct choice {
  /// What matters most comes last, nearest to the task. When every file fits
  /// they are in the order of their paths, the same for every task.
  std::vector<block> blocks;

  /// Files that the task names but that are not shown, one line each.
  std::vector<std::string> not_shown;
};

/// Chooses files, or parts of them, for at most `budget` tokens: everything
/// when it fits; else the files the task names, then the best ranked ones
/// whole, then the relevant parts of the next.
choice choose(const request& what, const source_tree& tree,
              std::uint64_t budget);

} // namespace pj::prompt
