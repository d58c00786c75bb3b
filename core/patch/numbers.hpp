#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace pj::patch {

/// How a line's number is set off from its text.
enum class number_sign : std::uint8_t {
  none, ///< not every line has a number, or they do not count up by one
  sure, ///< `12| ` or `12→`
  odd,  ///< `12: ` or a tab: a YAML key and a table look the same
};

/// Takes line-number prefixes away when every line has one and they count up.
number_sign strip_numbers(std::vector<std::string_view>& lines);

/// Takes prefixes like `12| ` away where there are some.
void strip_some_numbers(std::vector<std::string_view>& lines);

} // namespace pj::patch
