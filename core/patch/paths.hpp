#pragma once
#include "core/tree.hpp"

#include <string>
#include <string_view>

namespace pj::patch {

/// Without "./" in front and doubled slashes; nothing else is changed.
std::string tidy_path(std::string_view path);

/// Why this path may never be written, whatever the tree holds; empty: it may.
std::string unsafe_path(std::string_view path);

/// Some file of the tree lies below this path.
bool is_folder(const source_tree& tree, std::string_view path);

/// Why the tree does not let this path be written: a link, a submodule or a
/// file stands where a folder is needed, or it is a link itself.
std::string blocked_path(std::string_view path, const source_tree& tree);

/// A person should look at changes to this path: CI, hooks, Dockerfiles,
/// manifests, scripts.
bool is_risky_path(std::string_view path);

std::string_view base_name(std::string_view path) noexcept;

} // namespace pj::patch
