#include "core/patch/drafts.hpp"

#include "core/patch/paths.hpp"
#include "core/patch/place.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_set>

namespace pj::patch {

namespace {

/// The path of an edit as far as it can be told without repairs.
std::string path_of(const file_edit& edit, const view& files) {
  for (const auto& raw : edit.paths)
    if (auto path = tidy_path(raw); files.exists(path))
      return path;
  return edit.paths.empty() ? std::string{} : tidy_path(edit.paths.front());
}

bool is_whole(const file_edit& edit) {
  return edit.what != action::modify;
}

using line_set = std::unordered_set<std::string_view>;

line_set solid_lines(const hunk& h) {
  line_set out;
  for (const auto& l : h.lines)
    if (const auto text = without_leading(without_trailing(l.text));
        text.size() > 3)
      out.insert(text);
  return out;
}

bool shares_half(const hunk& a, const hunk& b) {
  const auto lines_a = solid_lines(a);
  const auto lines_b = solid_lines(b);
  const auto shared = static_cast<std::size_t>(
    std::count_if(lines_a.begin(), lines_a.end(),
                  [&](auto text) { return lines_b.contains(text); }));
  return shared > 0 && shared * 2 >= lines_a.size();
}

/// Sorted hashes of the lines to add that are longer than a brace or two.
std::vector<std::uint64_t> telling_lines(const splice& s) {
  std::vector<std::uint64_t> out;
  for (const auto& l : s.insert)
    if (solid_bytes(l.text) > 3)
      out.push_back(line_hash(l.text, form::squeezed));
  std::sort(out.begin(), out.end());
  return out;
}

/// Half of the shorter one's lines are the other's too.
bool are_alike(const std::vector<std::uint64_t>& a,
               const std::vector<std::uint64_t>& b) {
  std::vector<std::uint64_t> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(),
                        std::back_inserter(both));
  return both.size() * 2 >= std::min(a.size(), b.size());
}

bool same_file(const file_edit& a, const file_edit& b) {
  return std::find_first_of(a.paths.begin(), a.paths.end(), b.paths.begin(),
                            b.paths.end()) != a.paths.end();
}

bool is_covered(const file_edit& edit, const hunk& h,
                std::span<const file_edit> later) {
  return std::any_of(later.begin(), later.end(), [&](const file_edit& other) {
    return same_file(edit, other) &&
           std::any_of(other.hunks.begin(), other.hunks.end(),
                       [&](const hunk& o) { return shares_half(h, o); });
  });
}

} // namespace

drafts::region drafts::region_of(const splice& s, const document& in) {
  if (s.remove > 0)
    return {true, s.at, s.at + s.remove - 1, {}};
  region out{false, s.at, s.at, telling_lines(s)};
  const auto n = s.insert.size();
  if (n == 0)
    return out;
  for (std::size_t k = 0; out.first > 0; ++k, --out.first)
    if (in.at(out.first - 1).text != s.insert[n - 1 - k % n].text)
      break;
  for (std::size_t k = 0; out.last < in.size(); ++k, ++out.last)
    if (in.at(out.last).text != s.insert[k % n].text)
      break;
  return out;
}

/// Lines added at the edge of removed ones are another change, and so are
/// other lines added in the same gap.
bool drafts::meet(const region& a, const region& b) {
  if (a.removes == b.removes)
    return a.first <= b.last && b.first <= a.last &&
           (a.removes || are_alike(a.added, b.added));
  const auto& lines = a.removes ? a : b;
  const auto& gap = a.removes ? b : a;
  return gap.last > lines.first && gap.first <= lines.last;
}

bool drafts::redoes(const region& r, const std::string& path) const {
  const auto known = changed_.find(path);
  return known != changed_.end() &&
         std::any_of(known->second.begin(), known->second.end(),
                     [&](const region& c) { return meet(r, c); });
}

drafts::count drafts::count_changes(const file_edit& edit, view& before,
                                    effort& budget) const {
  const auto path = path_of(edit, before);
  if (is_whole(edit))
    return {1, written_.contains(path) || changed_.contains(path)};
  if (written_.contains(path))
    return {edit.hunks.size(), 0};
  count out;
  std::string why;
  auto* text = changed_.contains(path) ? before.open(path, why) : nullptr;
  for (const auto& h : edit.hunks) {
    placing placed;
    if (text)
      placed = place_hunks({h}, edit.from, *text, budget);
    out.all += std::max<std::size_t>(1, placed.changes.size());
    for (const auto& s : placed.changes)
      out.again += redoes(region_of(s, *text), path);
  }
  return out;
}

void drafts::accept(std::span<const file_edit> edits, view& before,
                    effort& budget) {
  for (const auto& edit : edits) {
    const auto path = path_of(edit, before);
    std::string why;
    auto* text = before.exists(path) ? before.open(path, why) : nullptr;
    if (is_whole(edit)) {
      if (!text || edit.what == action::remove || text->text() != edit.content)
        written_.insert(path);
      continue;
    }
    if (!text)
      continue;
    auto placed = place_hunks(edit.hunks, edit.from, *text, budget);
    for (const auto& s : placed.changes)
      changed_[path].push_back(region_of(s, *text));
  }
}

bool drafts::repeats(std::span<const file_edit> edits, view& before,
                     effort& budget) const {
  count sum;
  for (const auto& edit : edits) {
    const auto c = count_changes(edit, before, budget);
    sum.all += c.all;
    sum.again += c.again;
  }
  return sum.again * 2 > sum.all;
}

bool drafts::is_new(const hunk& h, const file_edit& edit,
                    const std::string& path, document& text,
                    effort& budget) const {
  const auto placed = place_hunks({h}, edit.from, text, budget);
  return placed.reports.front().state != edit_state::skipped &&
         std::none_of(
           placed.changes.begin(), placed.changes.end(),
           [&](const splice& s) { return redoes(region_of(s, text), path); });
}

std::vector<file_edit> drafts::news_of(std::span<const file_edit> edits,
                                       view& before, effort& budget) const {
  std::vector<file_edit> out;
  for (const auto& edit : edits) {
    const auto path = path_of(edit, before);
    std::string why;
    auto* text = is_whole(edit) || written_.contains(path)
                   ? nullptr
                   : before.open(path, why);
    if (!text)
      continue;
    auto rest = edit;
    std::erase_if(rest.hunks, [&](const hunk& h) {
      return !is_new(h, edit, path, *text, budget);
    });
    if (!rest.hunks.empty())
      out.push_back(std::move(rest));
  }
  return out;
}

bool is_rewrite(std::span<const file_edit> failed,
                std::span<const file_edit> later) {
  return std::all_of(failed.begin(), failed.end(), [&](const file_edit& edit) {
    return edit.what == action::modify && !edit.hunks.empty() &&
           std::all_of(
             edit.hunks.begin(), edit.hunks.end(),
             [&](const hunk& h) { return is_covered(edit, h, later); });
  });
}

} // namespace pj::patch
