#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace pj {

/// `scheme://[user@]host[:port][path][?query]`, taken apart without decoding.
struct url_parts {
  std::string scheme; ///< lower case
  std::string user;   ///< everything before the '@'; may hold a password
  std::string host;   ///< lower case; IPv6 with its brackets
  std::string port;   ///< digits, 1..65535, or empty
  std::string path;   ///< empty or from the first '/'
  std::string query;  ///< with its '?' or '#', or empty
};

/// Empty when the text has no scheme, an impossible host or port, a character
/// that no URL has (white space, controls, quotes, '\\', …) or an escaped
/// control character.
std::optional<url_parts> split_url(std::string_view text);

/// A host name or address as URLs have them; never starts with '-'.
bool is_host(std::string_view text) noexcept;

/// Whether a host as `url_parts` has it can only be this machine: 127.0.0.0/8,
/// [::1], `localhost` and names below it.
bool is_loopback(std::string_view host) noexcept;

/// Fit to be shown: escaped, clipped, "***" for what stands before an '@' and
/// in place of a query. For broken URLs, too.
std::string shown_url(std::string_view text);

/// The same, with "***" in place of the path, too: the paths of some addresses
/// are as good as a key.
std::string shown_origin(std::string_view text);

/// "scheme://host[:port]" of an absolute URL, as written; empty when there is
/// none.
std::string_view origin_of(std::string_view url) noexcept;

/// Everything but RFC 3986's unreserved characters as %XX, in these digits.
std::string percent_encoded(std::string_view text,
                            std::string_view digits = "0123456789ABCDEF");

} // namespace pj
