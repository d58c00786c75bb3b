#include "core/redactor.hpp"

#include "core/url.hpp"

#include <algorithm>
#include <cstdint>

namespace pj {

namespace {

constexpr std::size_t shortest_secret = 6;
constexpr std::string_view mask = "***";

using alphabet = std::string_view;

constexpr alphabet base64 =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr alphabet base64_url =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The characters of base64 that depend on `secret` alone when it begins
/// `shift` bytes after a multiple of three.
std::string encoded_core(std::string_view secret, std::size_t shift,
                         alphabet letters) {
  const auto first = shift == 0 ? 0 : 3 - shift;
  const auto whole = (secret.size() - first) / 3 * 3;
  std::string out;
  for (auto i = first; i < first + whole; i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k)
      bits = bits << 8 | static_cast<unsigned char>(secret[i + k]);
    for (int down = 18; down >= 0; down -= 6)
      out += letters[bits >> down & 63];
  }
  return out;
}

std::string json_escaped(std::string_view secret) {
  std::string out;
  for (char c : secret) {
    if (c == '"' || c == '\\')
      out += '\\';
    out += c;
  }
  return out;
}

} // namespace

void redactor::add(std::string_view secret) {
  if (secret.size() < shortest_secret)
    return;
  add_form(std::string(secret));
  add_form(percent_encoded(secret));
  add_form(percent_encoded(secret, "0123456789abcdef"));
  add_form(json_escaped(secret));
  for (std::size_t shift = 0; shift < 3; ++shift)
    for (auto letters : {base64, base64_url})
      add_form(encoded_core(secret, shift, letters));
  std::stable_sort(
    needles_.begin(), needles_.end(),
    [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

std::string redactor::operator()(std::string_view text) const {
  std::string out(text);
  for (const auto& needle : needles_)
    for (auto at = out.find(needle); at != std::string::npos;
         at = out.find(needle, at + mask.size()))
      out.replace(at, needle.size(), mask);
  return out;
}

// A base64 core of four characters is an everyday word.
void redactor::add_form(std::string form) {
  const bool known =
    std::find(needles_.begin(), needles_.end(), form) != needles_.end();
  if (form.size() >= shortest_secret && !known)
    needles_.push_back(std::move(form));
}

} // namespace pj
