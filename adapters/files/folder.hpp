#pragma once
#include "core/tree.hpp"

#include <filesystem>
#include <memory>

namespace pj {

/// The files below a folder as a tree; `.git` is left out, links are entries
/// and never followed. Paths are listed now, contents read when asked for.
/// Fails with `failure_code::configuration` when `root` is not a folder or
/// holds more than `max_files` files.
result<std::unique_ptr<source_tree>>
open_folder(const std::filesystem::path& root,
            std::size_t max_files = 2'000'000);

} // namespace pj
