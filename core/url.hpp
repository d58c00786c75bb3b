#pragma once
#include <string>
#include <string_view>

namespace pj {

/// Everything but RFC 3986's unreserved characters as %XX.
std::string percent_encoded(std::string_view text);

/// "scheme://host[:port]" of an absolute URL, as written; empty when there is
/// none.
std::string_view origin_of(std::string_view url) noexcept;

/// The host of an absolute URL, lower case, without port and brackets.
std::string host_of(std::string_view url);

/// localhost, 127.0.0.0/8 or ::1, by name; resolves nothing.
bool is_loopback_host(std::string_view host) noexcept;

} // namespace pj
