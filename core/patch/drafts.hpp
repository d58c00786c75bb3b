#pragma once
#include "core/patch/edit.hpp"
#include "core/patch/locate.hpp"
#include "core/patch/view.hpp"

#include <map>
#include <set>
#include <span>

namespace pj::patch {

/// Tells a second draft of a change from another change to the same file. Works
/// on the files as they were before the answer.
class drafts {
public:
  /// `edits` were applied; `before` finds a file's text before the answer.
  void accept(std::span<const file_edit> edits, view& before, effort& budget);

  /// Most of what `edits` change has been changed by accepted edits.
  bool repeats(std::span<const file_edit> edits, view& before,
               effort& budget) const;

  /// What in edits that repeat others is new: hunks that
  /// redo nothing (those without a place too, so that they are refused).
  std::vector<file_edit> news_of(std::span<const file_edit> edits, view& before,
                                 effort& budget) const;

private:
  struct count {
    std::size_t all = 0;
    std::size_t again = 0;
  };
  /// Removed lines, or the gaps between lines where the same lines could be
  /// added with the same result.
  struct region {
    bool removes = false;
    std::uint32_t first = 0;
    std::uint32_t last = 0;                ///< inclusive
    std::vector<std::uint64_t> added = {}; ///< hashes of telling new lines
  };
  static region region_of(const splice& s, const document& in);
  static bool meet(const region& a, const region& b);
  bool redoes(const region& r, const std::string& path) const;
  bool is_new(const hunk& h, const file_edit& edit, const std::string& path,
              document& text, effort& budget) const;
  count count_changes(const file_edit& edit, view& before,
                      effort& budget) const;

  std::map<std::string, std::vector<region>> changed_;
  std::set<std::string> written_; ///< whole
};

/// `later` says the same things as `failed` in other words: every hunk of
/// `failed` shares at least half of its lines with one of `later`.
bool is_rewrite(std::span<const file_edit> failed,
                std::span<const file_edit> later);

} // namespace pj::patch
