#include "core/patch/indent.hpp"

#include "core/patch/locate.hpp"

#include <algorithm>
#include <utility>

namespace pj::patch {

namespace {

int columns(std::string_view indent, int tab) {
  int n = 0;
  for (const char c : indent)
    n = c == '\t' ? n + tab - n % tab : n + 1;
  return n;
}

bool opens_block(std::string_view text) {
  text = without_trailing(text);
  return !text.empty() && std::string_view(":{([,\\").find(text.back()) !=
                            std::string_view::npos;
}

/// Lines are indented with tabs, none with two blanks or more.
bool is_tabbed(const document& in) {
  bool tabs = false;
  for (const auto& l : in.lines()) {
    if (l.text.starts_with("  ") && !is_blank(l.text))
      return false;
    tabs = tabs || l.text.starts_with('\t');
  }
  return tabs;
}

} // namespace

indenter::indenter(const hunk& h, const std::vector<std::uint32_t>& match,
                   const document& in)
  : hunk_(h) {
  learn(match, in);
  const auto equal = [](const pair& p) { return p.said == p.real; };
  if (std::all_of(pairs_.begin(), pairs_.end(), equal)) {
    if (brings_blanks() && is_tabbed(in)) {
      kind_ = indent_kind::even;
      tabs_ = true;
      tab_ = least_added();
    }
    return;
  }
  tabs_ = std::any_of(pairs_.begin(), pairs_.end(),
                      [](const pair& p) { return p.real.starts_with('\t'); });
  if (signs_were_lost()) {
    kind_ = indent_kind::even;
  } else if (find_shift(0)) {
    kind_ = indent_kind::even;
    settle_single();
  } else if (pairs_.front().said.empty() && find_shift(1)) {
    kind_ = indent_kind::stripped;
    first_shift_ = columns(pairs_.front().real, tab_);
  } else if (find_scale()) {
    kind_ = indent_kind::scaled;
  } else {
    kind_ = indent_kind::uneven;
  }
}

void indenter::learn(const std::vector<std::uint32_t>& match,
                     const document& in) {
  std::size_t old = 0;
  for (std::size_t i = 0; i < hunk_.lines.size(); ++i) {
    const auto& l = hunk_.lines[i];
    if (l.what == mark::add)
      continue;
    const auto m = match[old++];
    if (m != nowhere && !is_blank(l.text))
      pairs_.push_back({i, indent_of(l.text), indent_of(in.at(m).text)});
  }
}

/// A tab width with which all pairs differ by the same; one that makes them
/// differ by nothing is the likeliest.
bool indenter::find_shift(std::size_t first_pair) {
  auto fits = [&](int tab, bool want_zero) {
    const auto& p = pairs_[first_pair];
    const int by = columns(p.real, tab) - columns(p.said, tab);
    if (want_zero && by != 0)
      return false;
    for (auto i = first_pair; i < pairs_.size(); ++i)
      if (columns(pairs_[i].real, tab) - columns(pairs_[i].said, tab) != by)
        return false;
    shift_ = by;
    tab_ = tab;
    return true;
  };
  if (first_pair >= pairs_.size())
    return false;
  for (const bool want_zero : {true, false})
    for (const int tab : {4, 8, 2, 3})
      if (fits(tab, want_zero))
        return true;
  return false;
}

/// Added lines are indented with blanks, old ones are not.
bool indenter::brings_blanks() const {
  const auto by_blanks = [](const pair& p) { return p.said.starts_with(' '); };
  return least_added() >= 2 &&
         std::none_of(pairs_.begin(), pairs_.end(), by_blanks);
}

/// The least indentation of added lines that have any, all in blanks; else 0.
int indenter::least_added() const {
  std::size_t least = 0;
  for (const auto& l : hunk_.lines) {
    const auto indent = indent_of(l.text);
    if (l.what != mark::add || is_blank(l.text) || indent.empty())
      continue;
    if (indent.find('\t') != indent.npos)
      return 0;
    least = least == 0 ? indent.size() : std::min(least, indent.size());
  }
  return static_cast<int>(std::min<std::size_t>(least, 16));
}

/// One factor between the indentation of all pairs, with blanks only.
bool indenter::find_scale() {
  auto fits = [this](const pair& p) {
    return p.said.size() * static_cast<std::size_t>(times_) ==
             p.real.size() * static_cast<std::size_t>(per_) &&
           p.said.find('\t') == p.said.npos && p.real.find('\t') == p.real.npos;
  };
  for (const auto& [times, per] : {std::pair{2, 1}, {1, 2}, {4, 1}, {1, 4}}) {
    times_ = times;
    per_ = per;
    if (std::all_of(pairs_.begin(), pairs_.end(), fits))
      return true;
  }
  times_ = per_ = 1;
  return false;
}

/// Blanks that stood for the sign were taken off with it: some old lines are
/// one column short and odd there, the others and the added ones are right.
bool indenter::signs_were_lost() const {
  auto is_odd = [](std::string_view indent) { return indent.size() % 2 != 0; };
  auto is_right = [&](const pair& p) {
    return p.said == p.real ||
           (is_odd(p.said) && p.real.size() == p.said.size() + 1 &&
            p.real.ends_with(' '));
  };
  std::size_t added = 0;
  for (const auto& l : hunk_.lines)
    if (l.what == mark::add && !is_blank(l.text)) {
      if (is_odd(indent_of(l.text)) || l.text.starts_with('\t'))
        return false;
      ++added;
    }
  return added > 0 && std::all_of(pairs_.begin(), pairs_.end(), is_right);
}

/// One old line, flush left: was the whole block moved left, or only the first
/// line stripped, as happens to text that was trimmed?
void indenter::settle_single() {
  const auto& p = pairs_.front();
  if (pairs_.size() != 1 || !p.said.empty())
    return;
  const int real = columns(p.real, tab_);
  std::string_view first;
  for (std::size_t i = 0; i < hunk_.lines.size(); ++i) {
    const auto& l = hunk_.lines[i];
    if (l.what == mark::remove || is_blank(l.text))
      continue;
    if (first.empty()) {
      first = l.text;
      if (!indent_of(first).empty())
        return;
      continue;
    }
    const int next = columns(indent_of(l.text), tab_);
    if (next > real || (next == real && !opens_block(first))) {
      kind_ = indent_kind::stripped;
      first_shift_ = shift_;
      shift_ = 0;
    }
    return;
  }
}

bool indenter::is_first_new(std::size_t i) const {
  for (std::size_t j = 0; j < i; ++j)
    if (hunk_.lines[j].what != mark::remove && !is_blank(hunk_.lines[j].text))
      return false;
  return true;
}

std::string indenter::shifted(std::string_view text, int by) const {
  const auto indent = indent_of(text);
  const int want = std::max(0, columns(indent, tab_) * times_ / per_ + by);
  const int tabs = tabs_ ? want / tab_ : 0;
  std::string out(static_cast<std::size_t>(tabs), '\t');
  out.append(static_cast<std::size_t>(want - tabs * tab_), ' ');
  out += text.substr(indent.size());
  return out;
}

/// As the nearest old line with the same indentation is; else as far from the
/// nearest old line as the hunk has it. Looks at a few dozen lines around.
std::string indenter::by_neighbour(std::size_t i) const {
  constexpr std::ptrdiff_t around = 50;
  const auto text = hunk_.lines[i].text;
  const auto indent = indent_of(text);
  auto far = [i](const pair& p) { return p.at > i ? p.at - i : i - p.at; };
  const auto middle =
    std::lower_bound(pairs_.begin(), pairs_.end(), i,
                     [](const pair& p, std::size_t at) { return p.at < at; });
  const auto first = middle - std::min(around, middle - pairs_.begin());
  const auto last = middle + std::min(around, pairs_.end() - middle);
  const pair* equal = nullptr;
  const pair* near = &*first;
  for (auto p = first; p != last; ++p) {
    if (far(*p) < far(*near))
      near = &*p;
    if (p->said == indent && (!equal || far(*p) < far(*equal)))
      equal = &*p;
  }
  if (equal)
    return std::string(equal->real) + std::string(text.substr(indent.size()));
  return shifted(text, columns(near->real, tab_) - columns(near->said, tab_));
}

std::string indenter::placed(std::size_t i) const {
  const auto text = hunk_.lines[i].text;
  if (kind_ == indent_kind::same || is_blank(text))
    return std::string(text);
  if (kind_ == indent_kind::uneven)
    return by_neighbour(i);
  const bool first = kind_ == indent_kind::stripped && is_first_new(i);
  return shifted(text, first ? first_shift_ : shift_);
}

} // namespace pj::patch
