#include "adapters/crypto/rsa.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;

TEST_CASE("rsa: a signature fits its key and its text only") {
  const auto pair = make_rsa_pair();
  const auto key = rsa_key::read(pair.secret);
  REQUIRE(key);
  const auto signature = *key->sign("text");
  CHECK(signature.size() == 256);
  CHECK(is_signed_rs256(pair.open, "text", signature));
  CHECK_FALSE(is_signed_rs256(pair.open, "text!", signature));
  CHECK_FALSE(is_signed_rs256(make_rsa_pair().open, "text", signature));
  CHECK_FALSE(is_signed_rs256("", "text", signature));
}

TEST_CASE("rsa: what is no key is refused without a word of it") {
  const auto pair = make_rsa_pair();
  const std::string elliptic =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg89KZKeGSeYY50Jad\n"
    "Zg8ozHep3AeQLjLcxMhqFr22+/6hRANCAARFYvJ5ak3yBG9q3P54cuzZ36iCwihy\n"
    "xK6b3aR3LsjZlSf0rg16b5yyZNOr3mRElAk/d9uwI/w6EtWV9aVki9G+\n"
    "-----END PRIVATE KEY-----\n";
  for (const auto& text :
       {std::string(), std::string("planted"), pair.open,
        pair.secret.substr(0, pair.secret.size() / 2), elliptic}) {
    const auto key = rsa_key::read(text);
    REQUIRE_FALSE(key);
    CHECK(key.error().code == failure_code::configuration);
    CHECK(key.error().what.find("planted") == std::string::npos);
  }
}
