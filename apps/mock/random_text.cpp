#include "apps/mock/random_text.hpp"

#include <array>
#include <openssl/rand.h>
#include <stdexcept>
#include <string_view>

namespace pj::doubles {

std::string random_text(const std::string& prefix) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), bytes.size()) != 1)
    throw std::runtime_error("no random numbers to be had");
  auto text = prefix;
  for (const auto b : bytes)
    text.append({digits[b >> 4], digits[b & 15]});
  return text;
}

} // namespace pj::doubles
