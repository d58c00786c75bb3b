#include "core/patch/choose.hpp"

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace pj::patch {

namespace {

using places = std::vector<std::size_t>;

/// git cuts section texts, and models drop trailing marks.
bool matches_anchor(std::string_view text, std::string_view anchor) {
  text = without_leading(without_trailing(text));
  anchor = without_leading(without_trailing(anchor));
  return text == anchor || (anchor.size() >= 10 && text.starts_with(anchor));
}

/// A line at or left of the anchor's indentation begins another section.
bool leaves_section(std::string_view text, std::string_view anchor_line) {
  return !is_blank(text) &&
         indent_of(text).size() <= indent_of(anchor_line).size() &&
         text.find_first_of(")}]#@") != indent_of(text).size();
}

/// The last line before `start` that matches; `nowhere` when there is none or
/// its section ended before.
std::uint32_t anchor_before(const document& in, std::uint32_t start,
                            std::string_view anchor) {
  for (auto i = start; i-- > 0;)
    if (matches_anchor(in.at(i).text, anchor)) {
      for (auto j = i + 1; j < start; ++j)
        if (leaves_section(in.at(j).text, in.at(i).text))
          return nowhere;
      return i;
    }
  return nowhere;
}

places in_section(const hunk& h, const finding& f, const document& in,
                  effort& budget) {
  constexpr std::size_t max_looked_into = 200;
  places out;
  if (f.starts.size() > max_looked_into)
    return out;
  for (std::size_t i = 0; i < f.starts.size(); ++i) {
    const auto start = f.starts[i];
    if (!budget.spend(std::uint64_t{start} * 4 * h.anchors.size()))
      return {};
    if (std::all_of(h.anchors.begin(), h.anchors.end(), [&](auto anchor) {
          return anchor_before(in, start, anchor) != nowhere;
        }))
      out.push_back(i);
  }
  return out;
}

/// The place much nearer to the hint than any other.
std::optional<std::size_t> nearest(const finding& f, const places& among,
                                   std::int64_t hint) {
  auto distance = [&](std::size_t i) {
    return std::abs(static_cast<std::int64_t>(f.starts[i]) - hint);
  };
  std::optional<std::size_t> best;
  for (const auto i : among)
    if (!best || distance(i) < distance(*best))
      best = i;
  for (const auto i : among)
    if (best && i != *best && distance(*best) * 3 > distance(i))
      return std::nullopt;
  return best;
}

places in_order(const finding& f, const places& among, const neighbours& near) {
  places out;
  for (const auto i : among)
    if (f.starts[i] >= near.after && f.starts[i] < near.before)
      out.push_back(i);
  return out;
}

} // namespace

std::optional<std::size_t> choose_place(const hunk& h, const finding& f,
                                        const document& in,
                                        const neighbours& near,
                                        effort& budget) {
  places among(f.starts.size());
  std::iota(among.begin(), among.end(), std::size_t{0});
  if (among.size() == 1)
    return 0;
  if (!h.anchors.empty())
    if (auto kept = in_section(h, f, in, budget); !kept.empty())
      among = std::move(kept);
  if (among.size() == 1)
    return among.front();
  if (h.hint > 0)
    for (const auto drift : {near.drift, std::int64_t{0}})
      if (auto best = nearest(f, among, std::int64_t{h.hint} - 1 + drift))
        return best;
  if (const auto kept = in_order(f, among, near); kept.size() == 1)
    return kept.front();
  return std::nullopt;
}

} // namespace pj::patch
