#pragma once
#include "core/result.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace pj {

/// A private RSA key that signs. Cheap to copy, thread-safe.
class rsa_key {
public:
  /// From PEM (PKCS#1 or PKCS#8, without a passphrase), of 2,048 bits or more.
  /// The failure (code `configuration`) says what is wrong and nothing of the
  /// key.
  static result<rsa_key> read(std::string_view pem);

  /// RS256: PKCS#1 v1.5 over SHA-256; raw bytes.
  result<std::string> sign(std::string_view data) const;

private:
  explicit rsa_key(std::shared_ptr<void> key) : key_(std::move(key)) {}

  std::shared_ptr<void> key_;
};

/// Whether `signature` is `key_pem`'s (public, PEM) over `data`.
bool is_signed_rs256(std::string_view key_pem, std::string_view data,
                     std::string_view signature);

/// A new key pair in PEM; for doubles and tests.
struct rsa_pair {
  std::string secret;
  std::string open;
};
rsa_pair make_rsa_pair();

} // namespace pj
