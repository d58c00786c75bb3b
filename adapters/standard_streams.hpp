#pragma once
#include <string_view>

namespace pj {

/// Standard input, output and error that the caller closed become /dev/null:
/// else the next file opened gets their number, and what is said goes there.
/// To be called before anything is opened.
void open_standard_streams() noexcept;

/// Adds to standard output; `with_output_written` tells what it did not take.
void write_out(std::string_view text);

/// Flushes standard output. When it did not take all that was printed, says so
/// on standard error and turns a success into 1.
int with_output_written(int exit_code);

} // namespace pj
