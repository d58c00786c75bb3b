#include "core/prompt/choose.hpp"

#include "core/prompt/document.hpp"
#include "core/prompt/excerpt.hpp"
#include "core/prompt/named.hpp"
#include "core/prompt/picture.hpp"
#include "core/prompt/rank.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <numeric>

namespace pj::prompt {

namespace {

// Bytes and files read at most to rank a repository.
constexpr std::uint64_t max_read = 64u << 20;
constexpr std::size_t max_files = 20'000;

// Files that score less than this part of the best one are noise; a manifest
// or README at the root scores at least a little more.
constexpr double least_score = 0.05;
constexpr double overview_score = 0.06;

// Tokens; with less left nothing more is added.
constexpr std::uint64_t least_room = 150;

bool is_overview(std::string_view path) {
  if (path.find('/') != path.npos)
    return false;
  const auto name = lowered(path);
  constexpr std::string_view names[] = {
    "package.json", "pyproject.toml", "cargo.toml",
    "go.mod",       "cmakelists.txt", "pom.xml",
    "gemfile",      "composer.json",  "readme.md"};
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

class chooser {
public:
  chooser(const request& what, const source_tree& tree, std::uint64_t budget)
    : what_(what), tree_(tree), budget_(budget),
      named_(named_files(what.task, tree)) {}

  choice run() {
    load_named();
    if (!take_everything())
      take_the_best();
    return std::move(out_);
  }

private:
  void load_named() {
    for (const auto* entry : named_) {
      auto one = load(tree_, *entry, true);
      if (one.readable && one.kind == file_kind::text)
        named_files_.push_back(std::move(one.file));
      else
        leave_out(*entry,
                  one.readable ? reason(one.kind) : "it could not be read");
    }
  }

  void leave_out(const tree_entry& entry, std::string_view why) {
    out_.not_shown.push_back(safe_name(entry.path) + ": " + std::string(why));
  }

  bool is_named(const tree_entry* entry) const {
    return std::find(named_.begin(), named_.end(), entry) != named_.end();
  }

  /// The other files whose path and size do not speak against them.
  std::vector<const tree_entry*> candidates() const {
    std::vector<const tree_entry*> out;
    for (const auto& entry : tree_.entries())
      if (kind_of(entry) == file_kind::text && !is_named(&entry))
        out.push_back(&entry);
    return out;
  }

  void load_others() {
    auto entries = candidates();
    const auto bytes = std::accumulate(
      entries.begin(), entries.end(), std::uint64_t{0},
      [](std::uint64_t sum, auto* entry) { return sum + entry->size; });
    if (bytes > max_read || entries.size() > max_files)
      sort_by_path(entries, words_);
    std::uint64_t left = max_read;
    for (const auto* entry : entries) {
      if (others_.size() == max_files || entry->size > left)
        break;
      left -= entry->size;
      auto one = load(tree_, *entry, false);
      if (one.readable && one.kind == file_kind::text)
        others_.push_back(std::move(one.file));
    }
  }

  /// Named files too that are usually left out come last: the rest is the same
  /// for every task.
  bool take_everything() {
    load_others();
    std::uint64_t cost = 0;
    for (const auto* files : {&named_files_, &others_})
      for (const auto& file : *files) {
        cost += cost_of_whole(file);
        if (cost > budget_)
          return false;
      }
    std::vector<const document*> all;
    for (const auto* files : {&named_files_, &others_})
      for (const auto& file : *files)
        all.push_back(&file);
    const auto key = [](const document* file) {
      return std::pair<bool, std::string_view>(!file->usual, file->entry->path);
    };
    std::sort(all.begin(), all.end(),
              [&](auto* x, auto* y) { return key(x) < key(y); });
    for (const auto* file : all)
      out_.blocks.push_back(whole(*file));
    return true;
  }

  void take_the_best() {
    ranking ranks(words_, what_.symbols);
    std::vector<document> all;
    std::move(named_files_.begin(), named_files_.end(),
              std::back_inserter(all));
    std::move(others_.begin(), others_.end(), std::back_inserter(all));
    ranks.sort(all);
    const auto others =
      std::stable_partition(all.begin(), all.end(), [&](const document& file) {
        return is_named(file.entry);
      });
    std::sort(all.begin(), others, [&](const auto& x, const auto& y) {
      return std::find(named_.begin(), named_.end(), x.entry) <
             std::find(named_.begin(), named_.end(), y.entry);
    });
    take_named(all.begin(), others, ranks);
    take_ranked(others, all.end(), ranks);
    std::reverse(out_.blocks.begin(), out_.blocks.end());
  }

  using iterator = std::vector<document>::iterator;

  /// Whole, unless that left less than half of the room to the named files
  /// that follow and need it.
  void take_named(iterator first, iterator last, const ranking& ranks) {
    std::uint64_t later = 0;
    for (auto i = first; i != last; ++i)
      later += cost_of_whole(*i);
    for (; first != last; ++first) {
      later -= cost_of_whole(*first);
      const auto room = budget_ - std::min(budget_ / 2, later);
      if (!take_whole(*first, room) && !take_parts(*first, ranks, room))
        leave_out(*first->entry, reason(file_kind::text));
    }
  }

  void take_ranked(iterator first, iterator last, const ranking& ranks) {
    if (first == last)
      return;
    const auto best = first->score;
    for (auto i = first; i != last; ++i)
      if (is_overview(i->entry->path))
        i->score = std::max(i->score, best * overview_score);
    std::stable_sort(first, last, [](const auto& x, const auto& y) {
      return x.score > y.score;
    });
    const auto share = budget_ / 4;
    const auto parts = budget_ / 8;
    for (; first != last && first->score > 0 && budget_ > least_room; ++first) {
      if (first->score < best * least_score)
        break;
      const auto room = budget_ - std::min(budget_, parts);
      if (!take_whole(*first, std::min(share, room)))
        take_parts(*first, ranks,
                   std::min(std::max(parts, share / 4), budget_));
    }
  }

  bool take_whole(const document& file, std::uint64_t room) {
    const auto cost = cost_of_whole(file);
    if (cost > room)
      return false;
    budget_ -= cost;
    out_.blocks.push_back(whole(file));
    return true;
  }

  /// Blocks are collected the most important first and turned round at the
  /// end, so the parts of a file go in backwards.
  bool take_parts(const document& file, const ranking& ranks,
                  std::uint64_t room) {
    auto blocks = excerpts(file, words_, ranks, room);
    std::uint64_t cost = 0;
    for (const auto& one : blocks)
      cost += cost_of(one);
    if (blocks.empty() || cost > budget_)
      return false;
    budget_ -= cost;
    std::move(blocks.rbegin(), blocks.rend(), std::back_inserter(out_.blocks));
    return true;
  }

  const request& what_;
  const source_tree& tree_;
  std::uint64_t budget_;
  query words_{what_.task};
  std::vector<const tree_entry*> named_;
  std::vector<document> named_files_;
  std::vector<document> others_;
  choice out_;
};

} // namespace

choice choose(const request& what, const source_tree& tree,
              std::uint64_t budget) {
  return chooser(what, tree, budget).run();
}

} // namespace pj::prompt
