#pragma once
#include <string>
#include <string_view>

namespace pj {

/// Everything but RFC 3986's unreserved characters as %XX.
std::string percent_encoded(std::string_view text);

/// "scheme://host[:port]" of an absolute URL, as written; empty when there is
/// none.
std::string_view origin_of(std::string_view url) noexcept;

} // namespace pj
