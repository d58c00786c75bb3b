#include "core/patch/planner.hpp"

#include "core/patch/apply_edit.hpp"
#include "core/patch/drafts.hpp"
#include "core/patch/refuse.hpp"

#include <algorithm>
#include <deque>
#include <memory>
#include <unordered_map>

namespace pj::patch {

namespace {

using edits = std::span<const file_edit>;

/// Edits of one piece of the answer; later pieces may be other drafts of it.
struct section {
  edits all;
  std::vector<edit_report> reports;
  bool whole = false;
  bool again = false; ///< what has a place in it is still to be staged
};

/// Which sections name a path first and last.
struct span_of_path {
  std::size_t first = 0;
  std::size_t last = 0;
};

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
      sections_.push_back({all.subspan(i, end - i), {}, false, false});
      index(sections_.size() - 1);
      i = end;
    }
  }

  planned run() {
    for (std::size_t i = 0; i < sections_.size(); ++i)
      plan(i);
    planned out;
    for (auto& s : sections_) {
      if (s.again)
        s.reports = apply(s.all);
      for (auto& r : s.reports)
        out.edits.push_back(std::move(r));
    }
    out.exhausted = budget_.left == 0;
    out.whole = !out.exhausted &&
                std::all_of(out.edits.begin(), out.edits.end(), is_fine);
    out.change = files_.changes();
    return out;
  }

private:
  void index(std::size_t i) {
    for (const auto& edit : sections_[i].all)
      for (const auto& path : edit.paths)
        paths_.try_emplace(path, span_of_path{i, i}).first->second.last = i;
  }

  bool follows_another(std::size_t i) const {
    return any_path(i, [i](const span_of_path& p) { return p.first < i; });
  }

  bool is_followed(std::size_t i) const {
    return any_path(i, [i](const span_of_path& p) { return p.last > i; });
  }

  template <class Test>
  bool any_path(std::size_t i, Test test) const {
    for (const auto& edit : sections_[i].all)
      for (const auto& path : edit.paths)
        if (test(paths_.at(path)))
          return true;
    return false;
  }

  std::vector<edit_report> apply(edits all) {
    std::vector<edit_report> out;
    hunk_log met;
    for (const auto& edit : all)
      for (auto& r : apply_edit(edit, files_, budget_, met))
        out.push_back(std::move(r));
    return out;
  }

  void plan(std::size_t i) {
    auto& s = sections_[i];
    const bool followed = is_followed(i);
    if (follows_another(i) && known_.repeats(s.all, before(), budget_)) {
      news_.push_back(known_.news_of(s.all, before(), budget_));
      if (news_.back().empty())
        return skip(s, "a later draft of a change that is made already");
      s.all = news_.back();
    }
    view::state saved;
    if (followed && budget_.spend(files_.open_lines()))
      saved = files_.save();
    s.reports = apply(s.all);
    s.whole = std::all_of(s.reports.begin(), s.reports.end(), is_fine);
    if (s.whole)
      settle(i, followed);
    else if (followed && budget_.left > 0)
      set_aside(i, std::move(saved));
  }

  /// It may be a draft that a later one makes good; its edits are done again
  /// at the end when none does, so that they can be staged.
  void set_aside(std::size_t i, view::state saved) {
    auto& s = sections_[i];
    s.again = std::any_of(s.reports.begin(), s.reports.end(), [](auto& r) {
      return r.state == edit_state::placed;
    });
    if (s.again)
      files_.restore(std::move(saved));
    set_aside_.push_back(i);
  }

  void settle(std::size_t i, bool followed) {
    auto& s = sections_[i];
    if (followed)
      known_.accept(s.all, before(), budget_);
    std::erase_if(set_aside_, [&](std::size_t j) {
      auto& old = sections_[j];
      const bool again = budget_.spend(1'000) && is_rewrite(old.all, s.all);
      if (again)
        skip(old, "an earlier draft that does not fit; a later one does");
      return again;
    });
  }

  static void skip(section& s, const std::string& why) {
    s.reports.clear();
    s.again = false;
    s.whole = true;
    for (const auto& edit : s.all) {
      edit_report r;
      r.path = edit.paths.empty() ? "?" : edit.paths.front();
      r.state = edit_state::skipped;
      r.note = why;
      s.reports.push_back(std::move(r));
    }
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
  std::deque<std::vector<file_edit>> news_; ///< of sections that repeat others
  std::vector<std::size_t> set_aside_;
  std::unordered_map<std::string_view, span_of_path> paths_;
  drafts known_;
  effort budget_;
};

} // namespace

planned plan_edits(const reading& from, const source_tree& tree,
                   const change_set* staged) {
  return planner(from, tree, staged).run();
}

} // namespace pj::patch
