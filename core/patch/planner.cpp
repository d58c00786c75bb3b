#include "core/patch/planner.hpp"

#include "core/patch/apply_edit.hpp"
#include "core/patch/drafts.hpp"
#include "core/patch/refuse.hpp"

#include <algorithm>
#include <memory>

namespace pj::patch {

namespace {

using edits = std::span<const file_edit>;

/// Edits of one piece of the answer; later pieces may be other drafts of it.
struct section {
  edits all;
  std::vector<edit_report> reports;
  bool whole = false;
};

bool share_a_path(edits a, edits b) {
  for (const auto& x : a)
    for (const auto& y : b)
      if (std::find_first_of(x.paths.begin(), x.paths.end(), y.paths.begin(),
                             y.paths.end()) != x.paths.end())
        return true;
  return false;
}

class planner {
public:
  planner(const reading& from, const source_tree& tree,
          const change_set* staged)
    : tree_(tree), staged_(staged), files_(tree, staged) {
    const edits all(from.edits);
    for (std::size_t i = 0; i < all.size();) {
      auto end = i + 1;
      while (end < all.size() && all[end].section == all[i].section)
        ++end;
      sections_.push_back({all.subspan(i, end - i), {}, false});
      i = end;
    }
  }

  planned run() {
    for (std::size_t i = 0; i < sections_.size(); ++i)
      plan(i);
    planned out;
    for (auto& s : sections_) {
      if (!s.whole && s.reports.empty())
        s.reports = apply(s.all);
      for (auto& r : s.reports)
        out.edits.push_back(std::move(r));
    }
    out.whole = std::all_of(out.edits.begin(), out.edits.end(), is_fine);
    out.change = files_.changes();
    return out;
  }

private:
  std::vector<edit_report> apply(edits all) {
    std::vector<edit_report> out;
    for (const auto& edit : all)
      for (auto& r : apply_edit(edit, files_, budget_))
        out.push_back(std::move(r));
    return out;
  }

  void plan(std::size_t i) {
    auto& s = sections_[i];
    const bool follows = has_other(i, 0, i);
    const bool followed = has_other(i, i + 1, sections_.size());
    if (follows && known_.repeats(s.all, before(), budget_))
      return skip(s, "a later draft of a change that is made already");
    view::state saved;
    if (followed)
      saved = files_.save();
    s.reports = apply(s.all);
    s.whole = std::all_of(s.reports.begin(), s.reports.end(), is_fine);
    if (s.whole)
      settle(i, followed);
    else if (followed)
      set_aside(s, std::move(saved));
  }

  /// It may be a draft that a later one makes good; its edits are done again
  /// at the end when none does, so that they can be staged.
  void set_aside(section& s, view::state saved) {
    files_.restore(std::move(saved));
    s.reports.clear();
  }

  void settle(std::size_t i, bool followed) {
    auto& s = sections_[i];
    if (followed)
      known_.accept(s.all, before(), budget_);
    for (std::size_t j = 0; j < i; ++j)
      if (auto& old = sections_[j]; !old.whole && is_rewrite(old.all, s.all))
        skip(old, "an earlier draft that does not fit; a later one does");
  }

  static void skip(section& s, const std::string& why) {
    s.reports.clear();
    s.whole = true;
    for (const auto& edit : s.all) {
      edit_report r;
      r.path = edit.paths.empty() ? "?" : edit.paths.front();
      r.state = edit_state::skipped;
      r.note = why;
      s.reports.push_back(std::move(r));
    }
  }

  bool has_other(std::size_t i, std::size_t first, std::size_t end) const {
    for (auto j = first; j < end; ++j)
      if (share_a_path(sections_[i].all, sections_[j].all))
        return true;
    return false;
  }

  view& before() {
    if (!before_)
      before_ = std::make_unique<view>(tree_, staged_);
    return *before_;
  }

  const source_tree& tree_;
  const change_set* staged_;
  view files_;
  std::unique_ptr<view> before_;
  std::vector<section> sections_;
  drafts known_;
  effort budget_;
};

} // namespace

planned plan_edits(const reading& from, const source_tree& tree,
                   const change_set* staged) {
  return planner(from, tree, staged).run();
}

} // namespace pj::patch
