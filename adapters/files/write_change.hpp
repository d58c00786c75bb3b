#pragma once
#include "core/change.hpp"
#include "core/result.hpp"

#include <filesystem>

namespace pj {

/// Writes a change into a folder: every file goes to a temporary file beside
/// its place first, then all are renamed into place. When one step fails, what
/// was written before is put back. Never writes or deletes through a symbolic
/// link. Fails with `failure_code::patch`; the folder is then as it was, or
/// `details` names each file that could not be put back.
result<done> write_change(const std::filesystem::path& root,
                          const change_set& change);

} // namespace pj
