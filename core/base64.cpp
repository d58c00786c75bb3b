#include "core/base64.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace pj {

namespace {

constexpr std::string_view alphabet =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string_view without_padding(std::string_view text) {
  for (int i = 0; i < 2 && text.size() % 4 == 0 && text.ends_with('='); ++i) {
    text.remove_suffix(1);
    if (!text.ends_with('='))
      break;
    text.remove_suffix(1);
  }
  return text;
}

} // namespace

std::string to_base64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  std::uint32_t bits = 0;
  int held = 0;
  for (char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (held += 8; held >= 6; held -= 6)
      out += alphabet[bits >> (held - 6) & 0x3f];
  }
  if (held > 0)
    out += alphabet[bits << (6 - held) & 0x3f];
  while (out.size() % 4 != 0)
    out += '=';
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  text = without_padding(text);
  if (text.size() % 4 == 1)
    return std::nullopt;
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (char c : text) {
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos)
      return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8)
      continue;
    held -= 8;
    out += static_cast<char>(bits >> held & 0xff);
  }
  return out;
}

std::string to_base64url(std::string_view bytes) {
  auto out = to_base64(bytes);
  out.erase(out.find_last_not_of('=') + 1);
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return out;
}

std::optional<std::string> from_base64url(std::string_view text) {
  if (text.find_first_of("+/=") != text.npos)
    return std::nullopt;
  std::string usual(text);
  std::replace(usual.begin(), usual.end(), '-', '+');
  std::replace(usual.begin(), usual.end(), '_', '/');
  return from_base64(usual);
}

} // namespace pj
