#include "core/patch/diff.hpp"

#include <algorithm>

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
  void mark(std::vector<bool>& gone, std::vector<bool>& fresh) const {
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
        fresh[static_cast<std::size_t>(y)] = true;
      else
        gone[static_cast<std::size_t>(x)] = true;
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
                                const std::vector<bool>& fresh,
                                std::uint32_t skip) {
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
      out.push_back({static_cast<std::uint32_t>(i0) + skip,
                     static_cast<std::uint32_t>(i - i0),
                     static_cast<std::uint32_t>(j0) + skip,
                     static_cast<std::uint32_t>(j - j0)});
    else {
      ++i;
      ++j;
    }
  }
  return out;
}

} // namespace

std::vector<line_change> line_diff(lines before, lines after,
                                   std::uint32_t max_cost) {
  std::size_t head = 0;
  const auto shorter = std::min(before.size(), after.size());
  while (head < shorter && before[head] == after[head])
    ++head;
  std::size_t tail = 0;
  while (tail < shorter - head &&
         before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
    ++tail;
  const auto a = before.subspan(head, before.size() - head - tail);
  const auto b = after.subspan(head, after.size() - head - tail);
  std::vector<bool> gone(a.size(), true);
  std::vector<bool> fresh(b.size(), true);
  walk w(a, b);
  if (!a.empty() && !b.empty() && w.run(static_cast<std::int32_t>(max_cost))) {
    gone.assign(a.size(), false);
    fresh.assign(b.size(), false);
    w.mark(gone, fresh);
  }
  return merged(gone, fresh, static_cast<std::uint32_t>(head));
}

} // namespace pj::patch
