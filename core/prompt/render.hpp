#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pj::prompt {

/// A file, or some lines of it, as the model sees it.
struct block {
  std::string path;
  std::string attributes; ///< e.g. ` lines="120-180 of 900"`; may be empty
  std::string text;
};

/// The blocks, each between `<file …>` and `</file>`. When any text has that
/// closing tag in it, all get a tag that none has: `<file-2 …>`.
std::string render(const std::vector<block>& blocks);

/// Tokens that a block adds to a prompt; never too few.
std::uint64_t cost_of(const block& one);

} // namespace pj::prompt
