#include "adapters/terminal/style.hpp"

#include "core/diff_line.hpp"
#include "core/escape.hpp"
#include "core/text.hpp"
#include "core/width.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <optional>

namespace pj {

namespace {

constexpr std::array<std::string_view, 6> sequences = {
  "\x1b[2m", "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[36m"};
constexpr std::string_view plain = "\x1b[0m";

constexpr std::size_t least_width = 20;
constexpr std::size_t usual_width = 80;

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

std::size_t width_of(int fd) {
  winsize size{};
  std::size_t columns = 0;
  if (::ioctl(fd, TIOCGWINSZ, &size) == 0)
    columns = size.ws_col;
  if (columns == 0) {
    const auto text = variable("COLUMNS");
    std::from_chars(text.data(), text.data() + text.size(), columns);
  }
  return columns < least_width ? usual_width : columns;
}

/// By the first of the variables that is set, as setlocale(3) has it.
bool is_utf8_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (const auto value = lowered(variable(name)); !value.empty())
      return value.find("utf-8") != value.npos ||
             value.find("utf8") != value.npos;
  return false;
}

std::optional<style> style_of(diff_line line) {
  switch (line) {
  case diff_line::header:
    return style::bold;
  case diff_line::hunk:
    return style::cyan;
  case diff_line::added:
    return style::green;
  case diff_line::removed:
    return style::red;
  case diff_line::context:
    break;
  }
  return std::nullopt;
}

std::string harmless(std::string_view line) {
  terminal_filter filter;
  auto out = filter(line);
  return out + filter.finish();
}

} // namespace

terminal_facts look_at_terminal(int fd) {
  terminal_facts out;
  out.is_terminal = ::isatty(fd) == 1 && variable("TERM") != "dumb";
  out.colours = out.is_terminal && variable("NO_COLOR").empty();
  out.unicode = is_utf8_locale();
  out.width = width_of(fd);
  return out;
}

terminal_size size_of_terminal(int fd, terminal_size otherwise) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return otherwise;
  return {std::max<std::size_t>(size.ws_col, 2),
          std::max<std::size_t>(size.ws_row, 2)};
}

std::string shown_pieces(const terminal_line& line, std::size_t columns,
                         bool colours) {
  std::string out;
  for (const auto& x : line) {
    const auto text = escaped(x.text);
    const auto part = fitting(text, columns);
    columns -= display_width(part);
    out += x.how ? styled(part, *x.how, colours) : std::string(part);
    if (part.size() < text.size())
      break;
  }
  return out;
}

std::string styled(std::string_view text, style how, bool colours) {
  if (!colours || text.empty())
    return std::string(text);
  std::string out(sequences[static_cast<std::size_t>(how)]);
  return out.append(text).append(plain);
}

std::string shown_line(std::string_view line, bool colours) {
  if (line.starts_with("[pj] error: "))
    return styled(line, style::red, colours);
  if (line.starts_with("[pj] warning: "))
    return styled(line, style::yellow, colours);
  return std::string(line);
}

std::string shown_diff(std::string_view diff, bool colours) {
  std::string out;
  diff_reader reader;
  while (!diff.empty()) {
    const auto end = diff.find('\n');
    const auto line = diff.substr(0, end);
    const auto how = style_of(reader(line));
    const auto text = harmless(line);
    out += how ? styled(text, *how, colours) : text;
    if (end == diff.npos)
      break;
    out += '\n';
    diff.remove_prefix(end + 1);
  }
  return out;
}

} // namespace pj
