#include "core/batch/report_parts.hpp"

#include "core/diff_line.hpp"
#include "core/html.hpp"

#include <algorithm>

namespace pj::batch {

namespace {

/// The next line with its end, taken from the text.
std::string_view next_line(std::string_view& text) {
  const auto end = text.find('\n');
  const auto line = text.substr(0, end == text.npos ? end : end + 1);
  text.remove_prefix(line.size());
  return line;
}

/// The element that a run of such lines is; empty: plain text.
std::string_view element_of(diff_line kind) {
  switch (kind) {
  case diff_line::header:
    return "b";
  case diff_line::hunk:
    return "i";
  case diff_line::added:
    return "ins";
  case diff_line::removed:
    return "del";
  case diff_line::context:
    break;
  }
  return {};
}

std::string wrapped(std::string_view element, const std::string& text) {
  if (element.empty())
    return text;
  const std::string name(element);
  return '<' + name + '>' + text + "</" + name + '>';
}

} // namespace

std::string diff_html(std::string_view diff, std::size_t most,
                      const std::string& more) {
  diff_reader reader;
  std::string out;
  std::string run;
  std::string_view element;
  const auto all = diff.size();
  while (!diff.empty()) {
    auto rest = diff;
    const auto line = next_line(rest);
    if (all - rest.size() > most)
      break;
    diff = rest;
    const auto now = element_of(reader(line));
    if (now != element) {
      out += run.empty() ? "" : wrapped(element, run);
      run.clear();
    }
    element = now;
    run += html_lines(line);
  }
  out += run.empty() ? "" : wrapped(element, run);
  if (diff.empty())
    return out;
  const auto left = static_cast<std::uint64_t>(
    std::count(diff.begin(), diff.end(), '\n') + (diff.back() != '\n'));
  return out + "<em>… " + grouped(left) +
         (left == 1 ? " more line: " : " more lines: ") + html(more) + "</em>";
}

diff_size size_of(std::string_view diff) {
  diff_reader reader;
  diff_size out;
  while (!diff.empty()) {
    const auto kind = reader(next_line(diff));
    out.added += kind == diff_line::added ? 1 : 0;
    out.removed += kind == diff_line::removed ? 1 : 0;
  }
  return out;
}

} // namespace pj::batch
