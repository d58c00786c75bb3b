#pragma once
#include "core/batch/problem.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pj::batch {

/// Line and column of a byte; both 1 at the start.
place place_of(std::string_view text, std::size_t offset,
               std::string_view file);

/// A file's text without the mark that some editors put at its start, when it
/// is fit to be read at all: at most `longest` bytes of valid UTF-8 without
/// NUL. Else nothing, and one problem.
std::optional<std::string_view> readable(std::string_view text,
                                         std::string_view file,
                                         std::size_t longest,
                                         problem_log& problems);

/// Nothing when it is no plain decimal number between the two.
std::optional<std::int64_t> whole_number(std::string_view text,
                                         std::int64_t least, std::int64_t most);

} // namespace pj::batch
