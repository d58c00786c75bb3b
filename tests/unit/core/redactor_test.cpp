#include "core/redactor.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

namespace {

constexpr auto secret = "ghp_p/l+an\"ted?12345";

} // namespace

TEST_CASE("a secret is replaced wherever it stands") {
  pj::redactor hide;
  CHECK(hide.empty());
  hide.add(secret);
  hide.add(secret);
  CHECK(hide("a " + std::string(secret) + secret + "b") == "a ******b");
  CHECK(hide("nothing here") == "nothing here");
  CHECK(hide("") == "");
}

TEST_CASE("a secret is replaced in its other forms") {
  pj::redactor hide;
  hide.add(secret);
  const auto text = GENERATE(
    // base64 of the secret, of "x-access-token:SECRET", "u:SECRET", "xy:SECRET"
    "Z2hwX3AvbCthbiJ0ZWQ/MTIzNDU=",
    "eC1hY2Nlc3MtdG9rZW46Z2hwX3AvbCthbiJ0ZWQ/MTIzNDU=",
    "dTpnaHBfcC9sK2FuInRlZD8xMjM0NQ==", "eHk6Z2hwX3AvbCthbiJ0ZWQ/MTIzNDU=",
    "Z2hwX3AvbCthbiJ0ZWQ_MTIzNDU", "ghp_p%2Fl%2Ban%22ted%3F12345",
    "ghp_p%2fl%2ban%22ted%3f12345", "ghp_p/l+an\\\"ted?12345");
  CAPTURE(text);
  const auto out = hide("x " + std::string(text) + " y");
  CHECK(out.find("***") != out.npos);
  CHECK(out.find("p/l+an") == out.npos);
  CHECK(out.find("X3AvbCthbiJ0") == out.npos);
  CHECK(out.find("hwX3A") == out.npos);
  CHECK(out.find("p%2") == out.npos);
}

TEST_CASE("what is too short to be a secret changes nothing") {
  pj::redactor hide;
  hide.add("");
  hide.add("abc");
  hide.add("12345");
  CHECK(hide("abc 12345") == "abc 12345");
}

TEST_CASE("the longer of two overlapping secrets goes first") {
  pj::redactor hide;
  hide.add("planted");
  hide.add("planted-and-more");
  CHECK(hide("a planted-and-more b planted") == "a *** b ***");
}
