#pragma once
#include "core/patch/source.hpp"

namespace pj::patch {

/// The lines of a unified diff that come before the hunks of one file.
struct diff_header {
  std::string old_path; ///< as written, unquoted; may be "/dev/null"
  std::string new_path;
  std::string rename_to;
  std::optional<file_mode> mode;
  bool creates = false;
  bool removes = false;
  bool binary = false;
};

inline constexpr std::string_view no_file = "/dev/null";

/// A header starts at line `i`.
bool is_diff_header(const source& from, std::size_t i);

/// Reads it; `i` moves to the first line after it.
diff_header read_diff_header(const source& from, std::size_t& i);

/// The paths it may mean, the likeliest first. `prefixed`: the answer's
/// headers carry `a/` and `b/`.
std::vector<std::string> paths_of(const diff_header& h, bool prefixed);

} // namespace pj::patch
