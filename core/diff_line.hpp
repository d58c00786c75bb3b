#pragma once
#include <cstdint>
#include <string_view>

namespace pj {

enum class diff_line : std::uint8_t { header, hunk, context, added, removed };

/// Tells the lines of a unified diff apart, one after the other: "--- a/x" is a
/// header, but within a hunk a removed "-- a/x".
class diff_reader {
public:
  diff_line operator()(std::string_view line) {
    if (line.starts_with("@@")) {
      in_hunk_ = true;
      return diff_line::hunk;
    }
    if (line.starts_with("diff "))
      in_hunk_ = false;
    if (!in_hunk_)
      return diff_line::header;
    return line.starts_with('+')   ? diff_line::added
           : line.starts_with('-') ? diff_line::removed
                                   : diff_line::context;
  }

private:
  bool in_hunk_ = false;
};

} // namespace pj
