#include "core/policy/public_address.hpp"

#include <algorithm>
#include <arpa/inet.h>

namespace pj {

namespace {

struct network {
  std::array<std::uint8_t, 16> start;
  unsigned bits;
  std::string_view what;
};

constexpr std::array<network, 17> v4_networks = {{
  {{0}, 8, "unspecified"},
  {{10}, 8, "private"},
  {{100, 64}, 10, "carrier-grade NAT"},
  {{127}, 8, "loopback"},
  {{169, 254}, 16, "link-local"},
  {{172, 16}, 12, "private"},
  {{192, 0, 0}, 24, "reserved"},
  {{192, 0, 2}, 24, "documentation"},
  {{192, 31, 196}, 24, "reserved"},
  {{192, 52, 193}, 24, "reserved"},
  {{192, 88, 99}, 24, "6to4 relay"},
  {{192, 168}, 16, "private"},
  {{198, 18}, 15, "benchmarking"},
  {{198, 51, 100}, 24, "documentation"},
  {{203, 0, 113}, 24, "documentation"},
  {{224}, 4, "multicast"},
  {{240}, 4, "reserved"},
}};

constexpr std::array<network, 14> v6_networks = {{
  {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 128, "unspecified"},
  {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, "loopback"},
  {{0x00, 0x64, 0xff, 0x9b, 0, 1}, 48, "local NAT64"},
  {{0x01}, 64, "discard"},
  {{0x20, 0x01, 0, 0}, 32, "Teredo"},
  {{0x20, 0x01, 0}, 23, "reserved"},
  {{0x20, 0x01, 0x0d, 0xb8}, 32, "documentation"},
  {{0x20, 0x02}, 16, "6to4"},
  {{0x3f, 0xff}, 20, "documentation"},
  {{0x5f, 0}, 16, "segment routing"},
  {{0xfc}, 7, "private"},
  {{0xfe, 0x80}, 10, "link-local"},
  {{0xfe, 0xc0}, 10, "site-local"},
  {{0xff}, 8, "multicast"},
}};

constexpr ip_address mapped = {
  {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0}, true};
constexpr ip_address nat64 = {{0x00, 0x64, 0xff, 0x9b}, true};
constexpr ip_address global_unicast = {{0x20}, true};

ip_address last_four_bytes(const ip_address& address) noexcept {
  ip_address inner;
  std::copy(address.bytes.begin() + 12, address.bytes.end(),
            inner.bytes.begin());
  return inner;
}

template <std::size_t N>
std::string_view find(const std::array<network, N>& table,
                      const ip_address& address) noexcept {
  for (const auto& n : table)
    if (in_network(address, {n.start, address.is_v6}, n.bits))
      return n.what;
  return {};
}

} // namespace

std::optional<ip_address> parse_ip(std::string_view text) {
  const std::string copy(text);
  if (copy.find('\0') != copy.npos)
    return std::nullopt;
  ip_address found;
  found.is_v6 = copy.find(':') != copy.npos;
  const int family = found.is_v6 ? AF_INET6 : AF_INET;
  if (inet_pton(family, copy.c_str(), found.bytes.data()) != 1)
    return std::nullopt;
  return found;
}

std::string to_string(const ip_address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = address.is_v6 ? AF_INET6 : AF_INET;
  inet_ntop(family, address.bytes.data(), text.data(), text.size());
  return text.data();
}

bool in_network(const ip_address& address, const ip_address& network,
                unsigned bits) noexcept {
  if (address.is_v6 != network.is_v6)
    return false;
  const auto whole = bits / 8;
  if (!std::equal(network.bytes.begin(), network.bytes.begin() + whole,
                  address.bytes.begin()))
    return false;
  if (bits % 8 == 0)
    return true;
  const auto mask = static_cast<std::uint8_t>(0xff00u >> (bits % 8));
  return ((address.bytes[whole] ^ network.bytes[whole]) & mask) == 0;
}

std::string_view why_not_public(const ip_address& address) noexcept {
  if (!address.is_v6)
    return find(v4_networks, address);
  if (in_network(address, mapped, 96) || in_network(address, nat64, 96))
    return find(v4_networks, last_four_bytes(address));
  if (const auto what = find(v6_networks, address); !what.empty())
    return what;
  return in_network(address, global_unicast, 3) ? "" : "reserved";
}

} // namespace pj
