#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace pj {

/// The standard alphabet of RFC 4648, padded.
std::string to_base64(std::string_view bytes);

/// Inverse of `to_base64`; padding may be missing. Empty for any other
/// character, or a length no bytes have.
std::optional<std::string> from_base64(std::string_view text);

/// The alphabet for URLs and file names, without padding.
std::string to_base64url(std::string_view bytes);

/// Inverse of `to_base64url`.
std::optional<std::string> from_base64url(std::string_view text);

} // namespace pj
