#include "core/policy/public_address.hpp"

#include <catch2/catch_test_macros.hpp>

#include <utility>

using namespace pj;

namespace {

std::string_view judge(std::string_view text) {
  const auto address = parse_ip(text);
  REQUIRE(address);
  return why_not_public(*address);
}

} // namespace

TEST_CASE("addresses are read strictly") {
  CHECK(to_string(*parse_ip("192.0.2.1")) == "192.0.2.1");
  CHECK(to_string(*parse_ip("2001:DB8:0::1")) == "2001:db8::1");
  for (const auto* text : {"", "1", "127.1", "0177.0.0.1", "0x7f.0.0.1",
                           "2130706433", "127.0.0.1 ", "[::1]", "::1%lo",
                           "256.0.0.1", "1.2.3.4.5", "::g", "localhost"})
    CHECK_FALSE(parse_ip(text));
  CHECK_FALSE(parse_ip(std::string_view("127.0.0.1\0", 10)));
}

TEST_CASE("special addresses are told by name") {
  const std::pair<const char*, std::string_view> cases[] = {
    {"0.0.0.0", "unspecified"},
    {"0.1.2.3", "unspecified"},
    {"10.255.255.255", "private"},
    {"100.64.0.1", "carrier-grade NAT"},
    {"100.127.255.255", "carrier-grade NAT"},
    {"127.0.0.1", "loopback"},
    {"127.255.0.1", "loopback"},
    {"169.254.169.254", "link-local"},
    {"172.16.0.1", "private"},
    {"172.31.255.255", "private"},
    {"192.168.0.1", "private"},
    {"198.19.255.255", "benchmarking"},
    {"224.0.0.1", "multicast"},
    {"255.255.255.255", "reserved"},
    {"::", "unspecified"},
    {"::1", "loopback"},
    {"::7f00:1", "reserved"},
    {"::ffff:127.0.0.1", "loopback"},
    {"::ffff:10.0.0.1", "private"},
    {"64:ff9b::7f00:1", "loopback"},
    {"64:ff9b::a9fe:a9fe", "link-local"},
    {"64:ff9b:1::1", "local NAT64"},
    {"100::1", "discard"},
    {"2001::1", "Teredo"},
    {"2001:db8::1", "documentation"},
    {"2002:7f00:1::", "6to4"},
    {"fc00::1", "private"},
    {"fdff::1", "private"},
    {"fe80::1", "link-local"},
    {"febf::1", "link-local"},
    {"fec0::1", "site-local"},
    {"ff02::1", "multicast"},
    {"4000::1", "reserved"},
  };
  for (const auto& [text, what] : cases) {
    CAPTURE(text);
    CHECK(judge(text) == what);
  }
}

TEST_CASE("neighbours of special addresses are public") {
  for (const auto* text : {"1.1.1.1",
                           "9.255.255.255",
                           "11.0.0.0",
                           "100.63.255.255",
                           "100.128.0.0",
                           "126.255.255.255",
                           "128.0.0.0",
                           "169.253.255.255",
                           "172.15.255.255",
                           "172.32.0.0",
                           "192.167.255.255",
                           "198.17.255.255",
                           "198.20.0.0",
                           "223.255.255.255",
                           "::ffff:8.8.8.8",
                           "64:ff9b::808:808",
                           "2001:4860:4860::8888",
                           "2003::1",
                           "2606:4700::1111",
                           "3ffe::1"}) {
    CAPTURE(text);
    CHECK(judge(text).empty());
  }
}
