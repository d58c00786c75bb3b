#pragma once
#include <string>
#include <string_view>

namespace pj {

/// 32 raw bytes.
std::string sha256(std::string_view data);

/// 64 lower-case hex digits.
std::string sha256_hex(std::string_view data);

/// 32 raw bytes.
std::string hmac_sha256(std::string_view key, std::string_view data);

} // namespace pj
