#include "core/patch/form.hpp"

#include "core/patch/line.hpp"
#include "core/patch/unicode.hpp"

#include <cstring>

namespace pj::patch {

namespace {

void squeeze(std::string_view text, std::string& out) {
  out.clear();
  bool gap = false;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t';
    if (blank && !gap)
      out += ' ';
    if (!blank)
      out += c;
    gap = blank;
  }
}

/// Two blanks in a row, or a tab. Looks at all bytes, so that compilers may
/// look at many at once.
bool has_run(std::string_view text) {
  unsigned char any = 0;
  for (std::size_t i = 0; i + 1 < text.size(); ++i)
    any |= static_cast<unsigned char>(
      (text[i] == '\t') | ((text[i] == ' ') & (text[i + 1] == ' ')));
  return any != 0 || text.ends_with('\t');
}

template <class Word>
std::uint64_t word_at(const char* at) {
  Word out;
  std::memcpy(&out, at, sizeof out);
  return out;
}

/// The last bytes of a text, or all of a short one.
std::uint64_t tail_of(std::string_view text) {
  const auto* end = text.data() + text.size();
  if (text.size() >= 8)
    return word_at<std::uint64_t>(end - 8);
  if (text.size() >= 4)
    return word_at<std::uint32_t>(text.data()) << 32 |
           word_at<std::uint32_t>(end - 4);
  std::uint64_t out = 0;
  for (const char c : text)
    out = out << 8 | static_cast<unsigned char>(c);
  return out;
}

__extension__ using product = unsigned __int128;

/// Eight bytes at a time, mixed by both halves of a product (as wyhash does).
std::uint64_t hash_of(std::string_view text) {
  constexpr std::uint64_t golden = 0x9e37'79b9'7f4a'7c15;
  auto mixed = [](std::uint64_t n) {
    const auto p = product{n ^ golden} * golden;
    return static_cast<std::uint64_t>(p) ^ static_cast<std::uint64_t>(p >> 64);
  };
  auto out = mixed(text.size());
  std::size_t i = 0;
  for (; i + 8 < text.size(); i += 8)
    out = mixed(out ^ word_at<std::uint64_t>(text.data() + i));
  return mixed(out ^ tail_of(text));
}

} // namespace

std::string_view seen_as(std::string_view text, form how, std::string& room) {
  if (how == form::exact)
    return text;
  text = without_trailing(text);
  if (how == form::no_trailing)
    return text;
  text = without_leading(text);
  if (how == form::no_indent)
    return text;
  if (!is_ascii(text)) {
    room = folded_unicode(text);
    text = without_leading(without_trailing(room));
  }
  if (how == form::folded || !has_run(text))
    return text;
  std::string squeezed;
  squeeze(text, squeezed);
  room = std::move(squeezed);
  return room;
}

std::uint64_t line_hash(std::string_view text, form how) {
  std::string room;
  const auto seen = seen_as(text, how, room);
  if (seen.empty())
    return blank_hash;
  const auto hash = hash_of(seen);
  return hash == blank_hash ? 1 : hash;
}

bool same_line(std::string_view a, std::string_view b, form how) {
  std::string room_a;
  std::string room_b;
  return seen_as(a, how, room_a) == seen_as(b, how, room_b);
}

} // namespace pj::patch
