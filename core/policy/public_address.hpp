#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pj {

/// An IPv4 or IPv6 address. IPv4 uses the first four bytes; the rest is zero.
struct ip_address {
  std::array<std::uint8_t, 16> bytes{};
  bool is_v6 = false;

  bool operator==(const ip_address&) const = default;
};

/// Reads "127.0.0.1" or "::1" (no brackets, no zone). Short and octal IPv4
/// forms are refused: two programs may read them differently.
std::optional<ip_address> parse_ip(std::string_view text);

std::string to_string(const ip_address& address);

/// Whether the first `bits` bits are the same. Families must match.
bool in_network(const ip_address& address, const ip_address& network,
                unsigned bits) noexcept;

/// What keeps an address from being public ("loopback", "private", …), or an
/// empty view when it is public. After the IANA special-purpose registries;
/// forms that carry an IPv4 address (mapped, NAT64) are judged by it, and
/// tunnels that may lead anywhere (6to4, Teredo) are refused.
std::string_view why_not_public(const ip_address& address) noexcept;

} // namespace pj
