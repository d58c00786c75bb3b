#include "core/patch/indent.hpp"

#include "core/patch/locate.hpp"

#include <algorithm>
#include <optional>

namespace pj::patch {

namespace {

struct indents {
  std::string_view old;
  std::string_view real;
};

std::vector<indents> pairs(const std::vector<std::string_view>& old,
                           const std::vector<std::uint32_t>& match,
                           const document& in) {
  std::vector<indents> out;
  for (std::size_t i = 0; i < old.size(); ++i)
    if (match[i] != nowhere && !is_blank(old[i]))
      out.push_back({indent_of(old[i]), indent_of(in.at(match[i]).text)});
  return out;
}

int columns(std::string_view indent, int tab) {
  int n = 0;
  for (const char c : indent)
    n = c == '\t' ? n + tab - n % tab : n + 1;
  return n;
}

/// The one difference all pairs have when a tab is that wide.
std::optional<int> difference(const std::vector<indents>& all, int tab) {
  std::optional<int> out;
  for (const auto& p : all) {
    const auto d = columns(p.real, tab) - columns(p.old, tab);
    if (out && *out != d)
      return std::nullopt;
    out = d;
  }
  return out;
}

bool begins_with_tab(const indents& p) {
  return p.real.starts_with('\t');
}
bool has_tab(const indents& p) {
  return p.real.find('\t') != p.real.npos || p.old.find('\t') != p.old.npos;
}

} // namespace

shift shift_between(const std::vector<std::string_view>& old,
                    const std::vector<std::uint32_t>& match,
                    const document& in) {
  const auto all = pairs(old, match, in);
  shift out;
  out.none = std::all_of(all.begin(), all.end(),
                         [](auto& p) { return p.old == p.real; });
  out.constant = out.none;
  if (out.none)
    return out;
  out.tabs = std::any_of(all.begin(), all.end(), begins_with_tab);
  const bool count_tabs = std::any_of(all.begin(), all.end(), has_tab);
  for (const int tab : {4, 8, 2, 3, 1}) {
    if (const auto d = difference(all, tab)) {
      out.constant = true;
      out.columns = *d;
      out.tab = count_tabs ? tab : 0;
      return out;
    }
    if (!count_tabs)
      break;
  }
  return out;
}

std::string reindented(std::string_view text, const shift& by) {
  const auto indent = indent_of(text);
  if (by.none || indent.size() == text.size())
    return std::string(text);
  const int tab = by.tab > 0 ? by.tab : 8;
  const int want = std::max(0, columns(indent, tab) + by.columns);
  const int tabs = by.tabs ? want / tab : 0;
  std::string out(static_cast<std::size_t>(tabs), '\t');
  out.append(static_cast<std::size_t>(want - tabs * tab), ' ');
  out += text.substr(indent.size());
  return out;
}

} // namespace pj::patch
