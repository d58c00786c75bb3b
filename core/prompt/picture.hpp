#pragma once
#include "core/tree.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace pj::prompt {

/// The repository in a few lines: languages, package managers and the tree,
/// at most `budget` tokens of it. Small repositories list every file; in large
/// ones folders stand for what is in them, and the top folders open first.
/// Depends on the repository only, so prompts for several tasks begin alike.
std::string picture(std::string_view repository, const source_tree& tree,
                    std::uint64_t budget);

/// A path or name as it may stand in the picture: what could be mistaken for
/// a tag or a new line is escaped.
std::string safe_name(std::string_view name);

} // namespace pj::prompt
