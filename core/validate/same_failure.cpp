#include "core/text.hpp"
#include "core/validate/checks.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace pj {

namespace {

// Lower-case words of lines that say what is wrong, in most tools.
constexpr auto marks = std::to_array<std::string_view>(
  {"assert", "cannot", "error", "exception", "expected", "fail", "fatal",
   "missing", "not found", "not ok", "panic", "undefined", "unexpected",
   "\xe2\x9c\x95", "\xe2\x9c\x96", "\xe2\x9c\x97", "\xe2\x9c\x98", "\xc3\x97"});

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_path_character(char c) noexcept {
  return is_letter(c) || is_digit(c) ||
         std::string_view("/.-+@~").find(c) != std::string_view::npos ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// Without colours and other terminal sequences, and without control
/// characters.
std::string plain(std::string_view line) {
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\x1b') {
      if (static_cast<unsigned char>(line[i]) >= 0x20)
        out += line[i];
      continue;
    }
    if (i + 1 < line.size() && line[i + 1] == '[')
      for (i += 2; i < line.size() && (line[i] < '@' || line[i] > '~'); ++i)
        ;
    else
      ++i;
  }
  return out;
}

/// The length of an absolute path at the start of `text`, up to its last '/';
/// 0 when there is none.
std::size_t folder_length(std::string_view text) noexcept {
  if (text.empty() || text[0] != '/')
    return 0;
  std::size_t end = 0;
  for (std::size_t i = 0; i < text.size() && is_path_character(text[i]); ++i)
    if (text[i] == '/')
      end = i + 1;
  return end;
}

/// The length of a time unit at the start of `text`, blanks before it included.
std::size_t unit_length(std::string_view text) noexcept {
  const auto blanks = std::min(text.find_first_not_of(' '), text.size());
  const auto rest = text.substr(blanks);
  for (const std::string_view unit :
       {"milliseconds", "millisecond", "seconds", "second", "minutes", "minute",
        "hours", "ms", "us", "ns", "min", "s", "m", "h"})
    if (rest.starts_with(unit) &&
        (rest.size() == unit.size() || !is_letter(rest[unit.size()])))
      return blanks + unit.size();
  return 0;
}

/// The length of a number at the start of `text`: digits, with parts after
/// '.', ':' or ','; "0x…" too.
std::size_t number_length(std::string_view text) noexcept {
  if (text.starts_with("0x")) {
    const auto end = text.find_first_not_of("0123456789abcdefABCDEF", 2);
    return std::min(end, text.size());
  }
  std::size_t i = 0;
  while (i < text.size() &&
         (is_digit(text[i]) ||
          (i > 0 && i + 1 < text.size() && is_digit(text[i + 1]) &&
           std::string_view(".:,").find(text[i]) != std::string_view::npos)))
    ++i;
  return i;
}

/// Folders of absolute paths go; numbers and times become '#'. Digits within
/// a name ("TS2304") stay: they say which error it is.
std::string normalised(std::string_view line) {
  const auto text = plain(line);
  std::string out;
  char before = ' ';
  for (std::size_t i = 0; i < text.size();) {
    const auto rest = std::string_view(text).substr(i);
    std::size_t n = is_path_character(before) ? 0 : folder_length(rest);
    if (n == 0 && is_digit(text[i]) && !is_letter(before)) {
      n = number_length(rest);
      n += unit_length(rest.substr(n));
      out += '#';
    }
    if (n == 0)
      out += text[i++];
    i += n;
    before = text[i - 1];
  }
  return std::string(trimmed(out));
}

bool is_marked(std::string_view line) {
  const auto small = lowered(line);
  return std::any_of(marks.begin(), marks.end(),
                     [&](auto mark) { return small.find(mark) != small.npos; });
}

using line_counts = std::map<std::string, int>;

line_counts lines_of(std::string_view output, bool marked_only) {
  line_counts out;
  for (const auto line : split(output, '\n'))
    if (auto text = normalised(line);
        !text.empty() && (!marked_only || is_marked(text)))
      ++out[std::move(text)];
  return out;
}

} // namespace

bool fails_the_same(int base_exit, std::string_view base_output,
                    int change_exit, std::string_view change_output) {
  if (base_exit == 0 || base_exit != change_exit)
    return false;
  auto now = lines_of(change_output, true);
  const bool marked = !now.empty();
  if (!marked)
    now = lines_of(change_output, false);
  const auto before = lines_of(base_output, marked);
  return std::all_of(now.begin(), now.end(), [&](const auto& one) {
    const auto at = before.find(one.first);
    return at != before.end() && one.second <= at->second;
  });
}

} // namespace pj
