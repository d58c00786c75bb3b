#include "core/patch/elide.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

namespace pj::patch {

namespace {

constexpr std::string_view comment_signs = "#/*-<!>;%\" ";

std::string_view without_signs(std::string_view text) {
  const auto first = text.find_first_not_of(comment_signs);
  if (first == text.npos)
    return {};
  const auto last = text.find_last_not_of(comment_signs);
  return text.substr(first, last - first + 1);
}

constexpr std::string_view brackets = "([{}])";

bool starts_with_dots(std::string_view text) {
  return text.starts_with("...") || text.starts_with("\xe2\x80\xa6");
}

bool ends_with_dots(std::string_view text) {
  return text.ends_with("...") || text.ends_with("\xe2\x80\xa6");
}

using words = std::vector<std::string>;

/// Small letters only; at most `max_words`, else none.
words words_of(std::string_view text) {
  constexpr std::size_t max_words = 10;
  words out;
  bool inside = false;
  for (const char c : lowered(text)) {
    const bool letter = c >= 'a' && c <= 'z';
    if (letter && !inside)
      out.emplace_back();
    if (letter)
      out.back() += c;
    inside = letter;
    if (out.size() > max_words)
      return {};
  }
  return out;
}

bool any_of_these(const std::string& word,
                  std::initializer_list<std::string_view> all) {
  return std::find(all.begin(), all.end(), word) != all.end();
}

bool names_code(const std::string& word) {
  return any_of_these(word, {"code", "file", "function", "class",
                             "implementation", "content", "contents", "body",
                             "script", "component", "template"});
}

bool names_parts(const std::string& word) {
  return any_of_these(word, {"functions", "methods", "classes", "tests",
                             "imports", "lines", "logic", "fields", "routes",
                             "handlers", "properties", "definitions"});
}

/// "existing code here", "rest of the methods ...", "other methods unchanged".
bool says_the_rest(std::string_view text) {
  const auto all = words_of(text);
  if (all.size() < 2)
    return false;
  const bool rest = all[0] == "rest" && all[1] == "of";
  const bool whole = rest || all[0] == "existing" || all[0] == "remaining";
  const bool others = all[0] == "all" && all[1] == "other";
  if (!whole && !others && !any_of_these(all[0], {"other", "previous", "same"}))
    return false;
  const auto& last = all.back();
  const bool left = ends_with_dots(text) ||
                    any_of_these(last, {"here", "unchanged", "same", "omitted",
                                        "before", "brevity", "continues"});
  if (std::none_of(all.begin(), all.end(),
                   [](auto& w) { return names_code(w) || names_parts(w); }))
    return false;
  return left || (whole && names_code(last));
}

bool has_change(const hunk& h) {
  return std::any_of(h.lines.begin(), h.lines.end(), [](auto& l) {
    return l.what == mark::add || l.what == mark::remove;
  });
}

/// The hunk cut at its shared elision lines; empty when some are not shared.
std::vector<hunk> pieces_of(const hunk& h) {
  std::vector<hunk> out(1);
  for (const auto& l : h.lines) {
    if (!is_elision(l.text))
      out.back().lines.push_back(l);
    else if (l.what == mark::keep || l.what == mark::unknown)
      out.emplace_back();
    else
      return {};
  }
  std::erase_if(out, [](const hunk& p) {
    return std::all_of(p.lines.begin(), p.lines.end(), [](auto& l) {
      return l.what == mark::keep && is_blank(l.text);
    });
  });
  return out;
}

} // namespace

bool is_elision(std::string_view text) {
  text = trimmed(text);
  if (text == "..." || text == "\xe2\x80\xa6")
    return true;
  return is_comment_elision(text);
}

bool is_comment_elision(std::string_view text) {
  text = trimmed(text);
  const auto inner = text.find_first_not_of(brackets);
  if (inner == text.npos || comment_signs.find(text[inner]) == text.npos)
    return false;
  auto core = without_signs(text.substr(inner));
  const auto first = core.find_first_not_of(brackets);
  if (first == core.npos)
    return false;
  core = core.substr(first, core.find_last_not_of(brackets) + 1 - first);
  core = without_signs(core);
  return starts_with_dots(core) || says_the_rest(core);
}

bool leaves_lines_out(std::span<const std::string_view> fresh,
                      const document& old) {
  return std::any_of(fresh.begin(), fresh.end(), [&](std::string_view text) {
    return is_comment_elision(text) &&
           std::none_of(old.lines().begin(), old.lines().end(),
                        [&](const line& o) {
                          return same_line(o.text, text, form::no_indent);
                        });
  });
}

std::optional<pieced> place_elided(const hunk& h, document& in,
                                   effort& budget) {
  const bool elided = std::any_of(h.lines.begin(), h.lines.end(),
                                  [](auto& l) { return is_elision(l.text); });
  const auto pieces = elided ? pieces_of(h) : std::vector<hunk>{};
  if (pieces.size() < 2)
    return std::nullopt;
  pieced out;
  std::uint32_t end = 0;
  for (const auto& p : pieces) {
    const auto found = locate(p, in, budget);
    if (found.starts.size() != 1 || found.starts.front() < end)
      return std::nullopt;
    if (end == 0)
      out.line = found.starts.front();
    end = last_line_of(found, p, 0, in) + 1;
    if (has_change(p))
      for (auto& s : splices_of(p, found, 0, in))
        out.changes.push_back(std::move(s));
  }
  return out;
}

} // namespace pj::patch
