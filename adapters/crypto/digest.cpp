#include "adapters/crypto/digest.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

namespace pj {

namespace {

using bytes = std::array<unsigned char, EVP_MAX_MD_SIZE>;

} // namespace

std::string sha256(std::string_view data) {
  bytes out;
  unsigned int n = 0;
  if (EVP_Digest(data.data(), data.size(), out.data(), &n, EVP_sha256(),
                 nullptr) != 1)
    throw std::runtime_error("OpenSSL has no SHA-256");
  return {reinterpret_cast<const char*>(out.data()), n};
}

std::string sha256_hex(std::string_view data) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (const char c : sha256(data)) {
    const auto byte = static_cast<unsigned char>(c);
    hex += digits[byte >> 4];
    hex += digits[byte & 0xf];
  }
  return hex;
}

std::string hmac_sha256(std::string_view key, std::string_view data) {
  bytes out;
  unsigned int n = 0;
  if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
            reinterpret_cast<const unsigned char*>(data.data()), data.size(),
            out.data(), &n))
    throw std::runtime_error("OpenSSL has no HMAC-SHA-256");
  return {reinterpret_cast<const char*>(out.data()), n};
}

} // namespace pj
