#include "core/patch/rescue.hpp"

#include "core/patch/choose.hpp"

#include <algorithm>
#include <cstdlib>

namespace pj::patch {

namespace {

/// Context lines a piece may lose on one side.
constexpr std::size_t max_drop = 3;

/// How much farther apart than in the hunk two of its pieces may be, in lines.
constexpr std::int64_t max_stretch = 20;

constexpr std::size_t least_solid = 10;

/// Solid bytes of context without which removed lines count as alone: a brace
/// is no evidence.
constexpr std::size_t least_beside = 4;

bool is_context(const hunk_line& l) {
  return l.what == mark::keep || l.what == mark::unknown;
}

bool is_solid_context(const hunk_line& l) {
  return is_context(l) && !is_blank(l.text);
}

/// One change with the context around it.
struct piece {
  std::size_t first = 0; ///< lines of the hunk
  std::size_t change = 0;
  std::size_t change_end = 0;
  std::size_t end = 0;
};

std::vector<piece> pieces_of(const hunk& h) {
  std::vector<piece> out;
  std::size_t last_end = 0;
  for (std::size_t i = 0; i < h.lines.size();) {
    if (is_context(h.lines[i])) {
      ++i;
      continue;
    }
    piece p{last_end, i, i, h.lines.size()};
    while (i < h.lines.size() && !is_context(h.lines[i]))
      ++i;
    p.change_end = last_end = i;
    if (!out.empty())
      out.back().end = p.change;
    out.push_back(p);
  }
  return out;
}

class rescuer {
public:
  rescuer(const hunk& h, document& in, effort& budget)
    : hunk_(h), in_(in), budget_(budget) {}

  std::optional<pieced> run() {
    if (!removed_lines_exist())
      return std::nullopt;
    if (auto out = with_forgotten_marks())
      return out;
    return in_pieces();
  }

private:
  bool is_there(std::string_view text) const { return in_.has_line_like(text); }

  bool removed_lines_exist() const {
    return std::all_of(hunk_.lines.begin(), hunk_.lines.end(), [&](auto& l) {
      return l.what != mark::remove || is_blank(l.text) || is_there(l.text);
    });
  }

  bool may_be_forgotten(const hunk_line& l) const {
    return is_solid_context(l) && !is_there(l.text);
  }

  /// Context that is nowhere in the file and stands beside added lines or
  /// below removed ones, with real context around them all, was meant to be
  /// added.
  std::optional<pieced> with_forgotten_marks() {
    auto h = hunk_;
    bool any = false;
    for (const bool forward : {true, false})
      for (std::size_t n = 0; n < h.lines.size(); ++n) {
        const auto i = forward ? n : h.lines.size() - 1 - n;
        auto& l = h.lines[i];
        const auto beside = forward ? i - 1 : i + 1;
        if (may_be_forgotten(l) && beside < h.lines.size() &&
            (h.lines[beside].what == mark::add ||
             (forward && h.lines[beside].what == mark::remove))) {
          l = {mark::add, with_its_indent(l)};
          any = true;
        }
      }
    if (!any || !is_solid_context(h.lines.front()) ||
        !is_solid_context(h.lines.back()))
      return std::nullopt;
    const auto found = locate(h, in_, budget_);
    if (found.starts.size() != 1 || found.tier > 3)
      return std::nullopt;
    return pieced{splices_of(h, found, 0, in_), found.starts.front()};
  }

  /// Was the sign replaced by the blank before the text, or left out and the
  /// blank is part of the indentation? Indentation is even.
  static std::string_view with_its_indent(const hunk_line& l) {
    const auto indent = indent_of(l.text);
    const bool odd = indent.size() % 2 != 0 && indent.find('\t') == indent.npos;
    if (l.what == mark::unknown || !odd)
      return l.text;
    return {l.text.data() - 1, l.text.size() + 1};
  }

  std::optional<pieced> in_pieces() {
    pieced out;
    std::int64_t last = -1;
    std::int64_t last_said = 0;
    for (const auto& p : pieces_of(hunk_)) {
      const auto at =
        lost_its_added_lines(p) ? std::nullopt : place(p, out.changes);
      if (!at)
        return std::nullopt;
      const auto said = said_line(p.change);
      if (last >= 0 &&
          (*at < last ||
           std::abs((*at - last) - (said - last_said)) > max_stretch))
        return std::nullopt;
      if (last < 0)
        out.line = static_cast<std::uint32_t>(*at);
      last = *at;
      last_said = said;
    }
    if (out.changes.empty())
      return std::nullopt;
    return out;
  }

  /// Lines are only removed and what follows is nowhere in the file: it was to
  /// take their place.
  bool lost_its_added_lines(const piece& p) const {
    return p.change_end < hunk_.lines.size() &&
           solid(mark::add, p.change, p.change_end) == 0 &&
           may_be_forgotten(hunk_.lines[p.change_end]);
  }

  std::int64_t said_line(std::size_t i) const {
    return std::count_if(hunk_.lines.begin(),
                         hunk_.lines.begin() + static_cast<std::ptrdiff_t>(i),
                         [](auto& l) { return l.what != mark::add; });
  }

  /// What every part of a piece that may be tried holds: the removed lines, or
  /// the solid lines next to the added ones. Cheap to look for.
  std::vector<std::uint64_t> core_of(const piece& p) const {
    std::vector<std::uint64_t> out;
    auto add = [&](std::size_t i) {
      out.push_back(line_hash(hunk_.lines[i].text, form::squeezed));
    };
    for (auto i = p.change; i < p.change_end; ++i)
      if (hunk_.lines[i].what == mark::remove && !is_blank(hunk_.lines[i].text))
        add(i);
    if (!out.empty())
      return out;
    for (auto i = p.change; i-- > p.first;)
      if (is_solid_context(hunk_.lines[i])) {
        add(i);
        break;
      }
    for (auto i = p.change_end; i < p.end; ++i)
      if (is_solid_context(hunk_.lines[i])) {
        add(i);
        break;
      }
    return out;
  }

  bool has_core(const piece& p) {
    if (solid_lines_.empty())
      for (const auto h : in_.hashes(form::squeezed))
        if (h != blank_hash)
          solid_lines_.push_back(h);
    budget_.spend(solid_lines_.size());
    const auto core = core_of(p);
    return core.empty() || !occurrences(core, solid_lines_, 1).empty();
  }

  /// Gives up as little context as it takes; the line of the change.
  std::optional<std::int64_t> place(const piece& p,
                                    std::vector<splice>& changes) {
    if (!has_core(p))
      return std::nullopt;
    for (std::size_t drop = 0; drop <= 2 * max_drop; ++drop)
      for (std::size_t lead = 0; lead <= std::min(drop, max_drop); ++lead) {
        const auto trail = drop - lead;
        if (trail > max_drop || lead > p.change - p.first ||
            trail > p.end - p.change_end ||
            !is_enough(p, p.first + lead, p.end - trail))
          continue;
        auto part = cut(p.first + lead, p.end - trail);
        if (drop > 0)
          part.hint = 0;
        const auto found = locate(part, in_, budget_);
        if (found.tier >= 0)
          return settle(p, lead, part, found, changes);
      }
    return std::nullopt;
  }

  std::optional<std::int64_t> settle(const piece& p, std::size_t lead,
                                     const hunk& part, const finding& found,
                                     std::vector<splice>& changes) {
    const auto which = choose_place(part, found, in_, {}, budget_);
    if (!which)
      return std::nullopt;
    for (auto& s : splices_of(part, found, *which, in_))
      changes.push_back(std::move(s));
    return std::int64_t{found.starts[*which]} +
           static_cast<std::int64_t>(p.change - p.first - lead);
  }

  hunk cut(std::size_t first, std::size_t end) const {
    hunk out;
    out.lines.assign(hunk_.lines.begin() + static_cast<std::ptrdiff_t>(first),
                     hunk_.lines.begin() + static_cast<std::ptrdiff_t>(end));
    out.anchors = hunk_.anchors;
    if (hunk_.hint > 0)
      out.hint = hunk_.hint + static_cast<std::uint32_t>(said_line(first));
    if (end == hunk_.lines.size())
      out.last = hunk_.last;
    return out;
  }

  std::size_t solid(mark what, std::size_t first, std::size_t end) const {
    std::size_t n = 0;
    for (auto i = first; i < end; ++i)
      if (hunk_.lines[i].what == what)
        n += solid_bytes(hunk_.lines[i].text);
    return n;
  }

  /// Enough is left of one side's context; a side that had none has enough.
  bool side_holds(std::size_t kept, std::size_t full) const {
    return kept >= std::min(full, least_solid);
  }

  /// What is left between `first` and `end` still says where the change goes.
  bool is_enough(const piece& p, std::size_t first, std::size_t end) const {
    const auto removed = solid(mark::remove, p.change, p.change_end);
    const auto lead = solid(mark::keep, first, p.change);
    const auto trail = solid(mark::keep, p.change_end, end);
    const auto full_lead = solid(mark::keep, p.first, p.change);
    const auto full_trail = solid(mark::keep, p.change_end, p.end);
    if (removed + lead + trail < least_solid)
      return false;
    const bool lead_holds = side_holds(lead, full_lead);
    const bool trail_holds = side_holds(trail, full_trail);
    if (removed < least_solid)
      return lead_holds && trail_holds;
    return (lead_holds && lead >= least_beside) ||
           (trail_holds && trail >= least_beside) ||
           full_lead + full_trail == 0;
  }

  const hunk& hunk_;
  document& in_;
  effort& budget_;
  std::vector<std::uint64_t> solid_lines_; ///< hashes, filled when needed
};

} // namespace

std::optional<pieced> place_rescued(const hunk& h, document& in,
                                    effort& budget) {
  if (!budget.spend(std::uint64_t{in.size()} * 4))
    return std::nullopt;
  return rescuer(h, in, budget).run();
}

} // namespace pj::patch
