#pragma once
#include "core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pj {

/// Where a request goes, read from its URL.
struct origin {
  bool https = false;
  std::string host; ///< small letters, without brackets
  std::uint16_t port = 0;
  std::string target; ///< path and query, starts with '/'

  /// `host` or `host:port`, an IPv6 host in brackets.
  std::string authority() const;

  /// `host:port`, an IPv6 host in brackets.
  std::string host_and_port() const;

  /// For messages: scheme and authority, never the path.
  std::string name() const;
};

/// A port in digits; `usual` when there are none. Empty: not 1 to 65535.
std::optional<std::uint16_t> read_port(std::string_view digits,
                                       std::uint16_t usual);

/// Reads an absolute http or https URL. Credentials in it are refused, the
/// fragment is dropped. Errors never repeat more than the host.
result<origin> parse_origin(std::string_view url);

} // namespace pj
