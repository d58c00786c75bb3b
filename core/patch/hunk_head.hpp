#pragma once
#include <cstdint>
#include <string_view>

namespace pj::patch {

/// What `@@ -a,b +c,d @@ text` says; every number is only a hint.
struct hunk_head {
  struct range {
    std::uint32_t first = 0;
    std::uint32_t count = 1;
  };
  range before;
  range after;
  bool counted = false; ///< the numbers are there
  std::string_view text;
};

/// Reads a line that starts with `@@`.
hunk_head read_hunk_head(std::string_view line);

} // namespace pj::patch
