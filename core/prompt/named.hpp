#pragma once
#include "core/tree.hpp"

#include <string_view>
#include <vector>

namespace pj::prompt {

/// The files a task names, the surest first, each once, at most `max_named`.
/// Read as names: a whole path, the end of a path ("api/users.ts"), a bare
/// file name, all in any case, with a line number or not; a Python module
/// ("shop.cart"); and, when only one file has it, a name without its extension
/// ("the Greeter"). A bare name that many files have names none of them.
std::vector<const tree_entry*> named_files(std::string_view task,
                                           const source_tree& tree);

constexpr std::size_t max_named = 64;

} // namespace pj::prompt
