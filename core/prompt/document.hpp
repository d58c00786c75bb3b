#pragma once
#include "core/prompt/kinds.hpp"
#include "core/prompt/prompt.hpp"
#include "core/prompt/words.hpp"
#include "core/tree.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace pj::prompt {

/// A file read for the prompt.
struct document {
  const tree_entry* entry = nullptr;
  std::string text;      ///< valid UTF-8, line ends as "\n", no byte order mark
  bool repaired = false; ///< bytes that are not UTF-8 became U+FFFD
  bool usual = true;     ///< shown for any task, not only one that names it
  std::vector<symbol> symbols;   ///< by line; empty until asked for
  std::vector<term_count> words; ///< of the task, in `text`; by the ranking
  double score = 0;              ///< of the ranking; higher is better
};

/// A file, or why it is not there.
struct loaded {
  document file;
  file_kind kind = file_kind::text;
  bool readable = true;
};

/// Reads a file and looks at it. With `named`, generated and large files count
/// as text too. `kind` is other than `text` when it may not be shown.
loaded load(const source_tree& tree, const tree_entry& entry, bool named);

/// Lines of a text; a last line without its end counts.
std::uint32_t count_lines(std::string_view text) noexcept;

} // namespace pj::prompt
