#pragma once
#include <string>
#include <string_view>

namespace pj::patch {

bool is_ascii(std::string_view text) noexcept;

/// NFC, with dashes, quotes and spaces as their ASCII cousins. Text that is not
/// valid UTF-8 comes back unchanged.
std::string folded_unicode(std::string_view text);

/// NFC and without regard to case, for comparing paths. Text that is not valid
/// UTF-8 comes back with its ASCII letters made small.
std::string folded_path(std::string_view text);

} // namespace pj::patch
