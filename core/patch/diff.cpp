#include "core/patch/diff.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace pj::patch {

namespace {

using lines = std::span<const std::string_view>;

/// Myers' greedy walk over diagonals; keeps each round's frontier to walk back.
class walk {
  using place = std::int32_t; ///< a line number; -1: out of reach
  using round = std::vector<place>;

public:
  walk(lines a, lines b)
    : a_(a), b_(b), n_(static_cast<place>(a.size())),
      m_(static_cast<place>(b.size())) {}

  /// False when more than `max_cost` lines differ.
  bool run(place max_cost) {
    for (place d = 0; d <= std::min(n_ + m_, max_cost); ++d) {
      round now(static_cast<std::size_t>(2 * d + 1), -1);
      for (place k = -d; k <= d; k += 2) {
        const auto x = slide(d == 0 ? 0 : step(rounds_.back(), d - 1, k), k);
        now[static_cast<std::size_t>(k + d)] = x;
        if (x == n_ && x - k == m_) {
          rounds_.push_back(std::move(now));
          return true;
        }
      }
      rounds_.push_back(std::move(now));
    }
    return false;
  }

  /// For each line of both sides: does it have no partner?
  void mark(std::vector<bool>& gone, std::size_t gone_from,
            std::vector<bool>& fresh, std::size_t fresh_from) const {
    auto x = n_;
    auto y = m_;
    for (auto d = static_cast<place>(rounds_.size()) - 1; d > 0; --d) {
      const auto& before = rounds_[static_cast<std::size_t>(d - 1)];
      const auto k = x - y;
      const bool down = goes_down(before, d - 1, k);
      const auto from_k = down ? k + 1 : k - 1;
      x = at(before, d - 1, from_k);
      y = x - from_k;
      if (down)
        fresh[fresh_from + static_cast<std::size_t>(y)] = true;
      else
        gone[gone_from + static_cast<std::size_t>(x)] = true;
    }
  }

private:
  static place at(const round& r, place d, place k) {
    return k < -d || k > d ? -1 : r[static_cast<std::size_t>(k + d)];
  }

  bool may_right(place x) const { return x >= 0 && x < n_; }
  bool may_down(place x, place k) const { return x >= 0 && x - k < m_; }

  bool goes_down(const round& before, place d, place k) const {
    const auto above = at(before, d, k + 1);
    const auto left = at(before, d, k - 1);
    return may_down(above, k + 1) && (!may_right(left) || left < above);
  }

  place step(const round& before, place d, place k) const {
    if (goes_down(before, d, k))
      return at(before, d, k + 1);
    const auto left = at(before, d, k - 1);
    return may_right(left) ? left + 1 : -1;
  }

  place slide(place x, place k) const {
    while (x >= 0 && x < n_ && x - k < m_ &&
           a_[static_cast<std::size_t>(x)] ==
             b_[static_cast<std::size_t>(x - k)])
      ++x;
    return x;
  }

  lines a_;
  lines b_;
  place n_;
  place m_;
  std::vector<round> rounds_;
};

std::vector<line_change> merged(const std::vector<bool>& gone,
                                const std::vector<bool>& fresh) {
  std::vector<line_change> out;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < gone.size() || j < fresh.size()) {
    const auto i0 = i;
    const auto j0 = j;
    while (i < gone.size() && gone[i])
      ++i;
    while (j < fresh.size() && fresh[j])
      ++j;
    if (i > i0 || j > j0)
      out.push_back(
        {static_cast<std::uint32_t>(i0), static_cast<std::uint32_t>(i - i0),
         static_cast<std::uint32_t>(j0), static_cast<std::uint32_t>(j - j0)});
    else {
      ++i;
      ++j;
    }
  }
  return out;
}

/// The longest part of `pairs` (sorted by first) that rises in both.
std::vector<std::pair<std::size_t, std::size_t>>
increasing(const std::vector<std::pair<std::size_t, std::size_t>>& pairs) {
  std::vector<std::size_t> tails;
  std::vector<std::size_t> back(pairs.size(), pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto at = std::lower_bound(tails.begin(), tails.end(), i,
                                     [&](std::size_t x, std::size_t y) {
                                       return pairs[x].second < pairs[y].second;
                                     });
    if (at != tails.begin())
      back[i] = *(at - 1);
    if (at == tails.end())
      tails.push_back(i);
    else
      *at = i;
  }
  std::vector<std::pair<std::size_t, std::size_t>> out;
  for (auto i = tails.empty() ? pairs.size() : tails.back(); i < pairs.size();
       i = back[i])
    out.push_back(pairs[i]);
  std::reverse(out.begin(), out.end());
  return out;
}

struct range {
  std::size_t first = 0;
  std::size_t end = 0;
};

/// Pairs of equal lines that are unique on both sides and in order, as many as
/// can be: where a large difference may be cut.
std::vector<std::pair<std::size_t, std::size_t>> anchors(lines a, lines b) {
  struct seen {
    std::size_t in_a = 0, in_b = 0, at_a = 0, at_b = 0;
  };
  std::unordered_map<std::string_view, seen> all;
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto& s = all[a[i]];
    ++s.in_a;
    s.at_a = i;
  }
  for (std::size_t j = 0; j < b.size(); ++j)
    if (const auto s = all.find(b[j]); s != all.end()) {
      ++s->second.in_b;
      s->second.at_b = j;
    }
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (const auto text : a)
    if (const auto& s = all[text]; s.in_a == 1 && s.in_b == 1)
      pairs.emplace_back(s.at_a, s.at_b);
  return increasing(pairs);
}

/// Two texts and, for each of their lines, whether it has no partner.
struct whole {
  lines before;
  lines after;
  std::vector<bool>& gone;
  std::vector<bool>& fresh;

  void compare(range a, range b, std::int32_t max_cost, bool may_cut) const {
    while (a.first < a.end && b.first < b.end &&
           before[a.first] == after[b.first]) {
      ++a.first;
      ++b.first;
    }
    while (a.first < a.end && b.first < b.end &&
           before[a.end - 1] == after[b.end - 1]) {
      --a.end;
      --b.end;
    }
    walk w(before.subspan(a.first, a.end - a.first),
           after.subspan(b.first, b.end - b.first));
    if (a.first < a.end && b.first < b.end && w.run(max_cost))
      w.mark(gone, a.first, fresh, b.first);
    else if (!may_cut || !compare_between_anchors(a, b, max_cost))
      give_up(a, b);
  }

private:
  bool compare_between_anchors(range a, range b, std::int32_t max_cost) const {
    const auto cuts = anchors(before.subspan(a.first, a.end - a.first),
                              after.subspan(b.first, b.end - b.first));
    auto i = a.first;
    auto j = b.first;
    for (const auto& [x, y] : cuts) {
      compare({i, a.first + x}, {j, b.first + y}, max_cost, false);
      i = a.first + x + 1;
      j = b.first + y + 1;
    }
    if (!cuts.empty())
      compare({i, a.end}, {j, b.end}, max_cost, false);
    return !cuts.empty();
  }

  void give_up(range a, range b) const {
    for (auto i = a.first; i < a.end; ++i)
      gone[i] = true;
    for (auto j = b.first; j < b.end; ++j)
      fresh[j] = true;
  }
};

} // namespace

std::vector<line_change> line_diff(lines before, lines after,
                                   std::uint32_t max_cost) {
  std::vector<bool> gone(before.size(), false);
  std::vector<bool> fresh(after.size(), false);
  const whole all{before, after, gone, fresh};
  all.compare({0, before.size()}, {0, after.size()},
              static_cast<std::int32_t>(max_cost), true);
  return merged(gone, fresh);
}

} // namespace pj::patch
