#include "core/patch/place.hpp"

#include "core/patch/choose.hpp"
#include "core/patch/rescue.hpp"

#include <algorithm>

namespace pj::patch {

namespace {

bool changes_nothing(const hunk& h) {
  return old_side(h) == new_side(h) &&
         (h.last == final_newline::silent || h.last == final_newline::on_added);
}

/// Old lines that say where: blank ones alone do not.
bool has_old_lines(const hunk& h) {
  return std::any_of(h.lines.begin(), h.lines.end(), [](auto& l) {
    return l.what != mark::add && !is_blank(l.text);
  });
}

class placer {
public:
  placer(const std::vector<hunk>& hunks, format from, document& in,
         effort& budget)
    : hunks_(hunks), from_(from), in_(in), budget_(budget),
      found_(hunks.size()), chosen_(hunks.size()) {
    out_.reports.resize(hunks.size());
  }

  placing run() {
    for (std::size_t i = 0; i < hunks_.size(); ++i)
      find(i);
    for (std::size_t i = 0; i < hunks_.size(); ++i)
      choose(i);
    for (std::size_t i = 0; i < hunks_.size(); ++i)
      settle(i);
    out_.changes = taken_.sorted();
    return std::move(out_);
  }

private:
  void find(std::size_t i) {
    const auto& h = hunks_[i];
    if (!has_old_lines(h))
      return;
    found_[i] = locate(h, in_, budget_);
    if (found_[i].starts.size() == 1)
      chosen_[i] = 0;
  }

  void choose(std::size_t i) {
    if (!chosen_[i] && found_[i].starts.size() > 1)
      chosen_[i] = choose_place(hunks_[i], found_[i], in_, around(i), budget_);
  }

  /// Where the next hunk may begin: below what this one changes.
  std::uint32_t end_of_changes(std::size_t i) {
    const auto changes = splices_of(hunks_[i], found_[i], *chosen_[i], in_);
    if (changes.empty())
      return start(i) + 1;
    return std::max(start(i) + 1, changes.back().at + changes.back().remove);
  }

  neighbours around(std::size_t i) {
    neighbours out;
    for (auto j = i; j-- > 0;)
      if (chosen_[j]) {
        out.after = end_of_changes(j);
        if (hunks_[j].hint > 0)
          out.drift =
            std::int64_t{start(j)} - (std::int64_t{hunks_[j].hint} - 1);
        break;
      }
    for (auto j = i + 1; j < hunks_.size(); ++j)
      if (chosen_[j]) {
        out.before = start(j);
        break;
      }
    return out;
  }

  std::uint32_t start(std::size_t i) const {
    return found_[i].starts[*chosen_[i]];
  }

  void settle(std::size_t i) {
    auto& report = out_.reports[i];
    const auto& h = hunks_[i];
    if (changes_nothing(h) && !found_[i].starts.empty()) {
      report.state = edit_state::skipped;
      report.tier = found_[i].tier;
      report.note = "old and new text are the same";
    } else if (chosen_[i]) {
      take(i, splices_of(h, found_[i], *chosen_[i], in_));
    } else if (found_[i].starts.size() > 1) {
      report.state = edit_state::ambiguous;
      report.tier = found_[i].tier;
      for (std::size_t k = 0; k < found_[i].starts.size() && k < 20; ++k)
        report.places.push_back(found_[i].starts[k] + 1);
    } else if (!has_old_lines(h)) {
      place_insertion(i);
    } else {
      leave_open(i);
    }
  }

  void leave_open(std::size_t i) {
    out_.reports[i].state = edit_state::missing;
    out_.open.push_back(i);
  }

  void take(std::size_t i, std::vector<splice> changes) {
    if (!taken_.take(changes))
      return leave_open(i);
    auto& report = out_.reports[i];
    report.tier = found_[i].tier;
    report.line = changes.empty() ? start(i) + 1 : changes.front().at + 1;
    if (changes.empty())
      report.state = edit_state::skipped;
  }

  /// Lines to add and nothing that says where.
  void place_insertion(std::size_t i) {
    const auto& h = hunks_[i];
    auto& report = out_.reports[i];
    report.state = edit_state::unreadable;
    report.note = "the lines to add have no context that says where";
    if (std::any_of(h.lines.begin(), h.lines.end(),
                    [](auto& l) { return l.what == mark::remove; }))
      return;
    std::uint32_t at = in_.size();
    if (!h.anchors.empty() && from_ == format::apply_patch)
      at = after_anchor(h.anchors.back());
    if (at == nowhere || (from_ != format::apply_patch && in_.size() > 0))
      return;
    report = {};
    found_[i].tier = 0;
    found_[i].starts = {at};
    chosen_[i] = 0;
    take(i, {insertion(h, at, in_)});
  }

  std::uint32_t after_anchor(std::string_view anchor) const {
    const auto hash = line_hash(anchor, form::no_indent);
    const auto found = occurrences({&hash, 1}, in_.hashes(form::no_indent));
    return found.size() == 1 ? found.front() + 1 : nowhere;
  }

  const std::vector<hunk>& hunks_;
  format from_;
  document& in_;
  effort& budget_;
  std::vector<finding> found_;
  std::vector<std::optional<std::size_t>> chosen_;
  change_list taken_;
  placing out_;
};

/// The new text is there, in one place, and says enough to be no accident.
bool is_already_there(const hunk& h, const document& in) {
  const auto fresh = new_side(h);
  if (!std::all_of(fresh.begin(), fresh.end(),
                   [&in](auto text) { return in.has_line_like(text); }))
    return false;
  std::size_t solid = 0;
  std::vector<std::uint64_t> needle;
  for (const auto text : fresh) {
    needle.push_back(line_hash(text, form::no_trailing));
    solid += solid_bytes(text);
  }
  return solid >= 10 && !changes_nothing(h) &&
         occurrences(needle, in.hashes(form::no_trailing)).size() == 1;
}

} // namespace

placing place_hunks(const std::vector<hunk>& hunks, format from, document& in,
                    effort& budget) {
  return placer(hunks, from, in, budget).run();
}

void place_late(const hunk& h, format from, bool changed, document& in,
                effort& budget, edit_report& report) {
  if (changed) {
    auto again = place_hunks({h}, from, in, budget);
    if (again.open.empty()) {
      in.apply(again.changes);
      report = std::move(again.reports.front());
      return;
    }
  }
  if (is_already_there(h, in)) {
    report.state = edit_state::already_there;
    return;
  }
  auto apart = place_elided(h, in, budget);
  report.tier = 7;
  if (!apart && from == format::udiff) {
    apart = place_rescued(h, in, budget);
    report.tier = 8;
  }
  if (!apart || !in_order(apart->changes)) {
    report.tier = -1;
    return;
  }
  in.apply(apart->changes);
  report.state = edit_state::placed;
  report.line = apart->line + 1;
}

} // namespace pj::patch
