#include "core/base64.hpp"

#include <catch2/catch_test_macros.hpp>

using pj::from_base64;
using pj::to_base64;

// The vectors of RFC 4648, section 10.
TEST_CASE("base64 gives the vectors of RFC 4648 and takes them back") {
  const std::pair<std::string, std::string> vectors[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    CHECK(to_base64(plain) == coded);
    CHECK(from_base64(coded) == plain);
  }
}

TEST_CASE("base64 may lack its padding, and is refused when it is not base64") {
  CHECK(from_base64("Zg") == "f");
  CHECK(from_base64("Zm8") == "fo");
  CHECK_FALSE(from_base64("Z"));
  CHECK_FALSE(from_base64("Zm9v!"));
  CHECK_FALSE(from_base64("===="));
}

TEST_CASE("base64 keeps every byte") {
  std::string all;
  for (int i = 0; i < 256; ++i)
    all += static_cast<char>(i);
  CHECK(from_base64(to_base64(all)) == all);
}
