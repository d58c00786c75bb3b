#include "adapters/crypto/digest.hpp"
#include "core/base64.hpp"
#include "core/webhook/signature.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;

TEST_CASE("SHA-256 gives the vector of FIPS 180-4") {
  CHECK(sha256_hex("abc") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

// GitHub's documentation, "Testing the webhook payload validation".
TEST_CASE("HMAC-SHA-256 gives GitHub's published vector") {
  const auto mac = hmac_sha256("It's a Secret to Everybody", "Hello, World!");
  std::string hex;
  for (unsigned char c : mac) {
    constexpr std::string_view digits = "0123456789abcdef";
    hex += digits[c >> 4];
    hex += digits[c & 0xf];
  }
  CHECK(hex ==
        "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
}

// The example of the Standard Webhooks libraries.
TEST_CASE("a delivery is signed as Standard Webhooks says") {
  const auto key =
    webhook::signing_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  const std::string body = R"({"test": 2432232314})";
  const std::string id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  const auto mac =
    hmac_sha256(key, webhook::signed_bytes(id, 1614265330, body));
  http_headers headers;
  webhook::add_headers(headers, id, 1614265330, mac);
  CHECK(find_header(headers, "webhook-id") == id);
  CHECK(find_header(headers, "webhook-timestamp") == "1614265330");
  CHECK(find_header(headers, "webhook-signature") ==
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("a secret that is not whsec_ is its own key") {
  CHECK(webhook::signing_key("plain") == "plain");
  CHECK(webhook::signing_key("whsec_***") == "whsec_***");
  CHECK(webhook::signing_key("").empty());
}
