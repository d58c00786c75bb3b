#pragma once
#include "core/tree.hpp"

#include <string>

namespace pj::prompt {

/// One line: the languages by bytes, e.g. "TypeScript 81% (120 files), CSS 19%
/// (7 files)". Empty when there is none.
std::string languages_line(const source_tree& tree);

/// One line: what installs dependencies or builds, and where, e.g.
/// "npm (package-lock.json), Cargo (tools/Cargo.toml)". Empty when none is
/// known.
std::string managers_line(const source_tree& tree);

} // namespace pj::prompt
