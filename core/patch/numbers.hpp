#pragma once
#include <string_view>
#include <vector>

namespace pj::patch {

/// Takes line-number prefixes like ` 12| ` away, but only when every line has
/// one and they count up by one; says whether it did.
bool strip_numbers(std::vector<std::string_view>& lines);

} // namespace pj::patch
