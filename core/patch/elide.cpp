#include "core/patch/elide.hpp"

#include "core/text.hpp"

#include <algorithm>

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

bool starts_with_dots(std::string_view text) {
  return text.starts_with("...") || text.starts_with("\xe2\x80\xa6");
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
  const auto core = without_signs(text);
  return core.size() < text.size() && text.find(core) > 0 &&
         starts_with_dots(core);
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
