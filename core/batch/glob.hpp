#pragma once
#include <string_view>

namespace pj::batch {

/// Whether `name` is what `pattern` means: '*' is any run of characters but
/// '/', '**' any run, '?' one character but '/'; the case of ASCII letters does
/// not matter. A pattern without '/' is one for the part behind the last '/'.
bool glob_matches(std::string_view pattern, std::string_view name) noexcept;

} // namespace pj::batch
