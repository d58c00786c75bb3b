#include "core/patch/similar.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <unordered_map>

namespace pj::patch {

namespace {

constexpr double least_score = 0.6;
constexpr std::uint32_t lines_around = 5;
constexpr std::uint32_t most_lines = 40;
constexpr std::size_t most_compared = 200;

/// A set of letter pairs, hashed into 256 bits.
class pair_set {
public:
  explicit pair_set(std::string_view text) {
    text = without_leading(without_trailing(text));
    for (std::size_t i = 0; i + 1 < text.size() && i < 400; ++i)
      set(static_cast<unsigned char>(text[i]) * 31u +
          static_cast<unsigned char>(text[i + 1]));
  }

  /// Shared pairs over all pairs, 0 to 1.
  double likeness_to(const pair_set& o) const {
    int both = 0;
    for (std::size_t i = 0; i < bits_.size(); ++i)
      both += std::popcount(bits_[i] & o.bits_[i]);
    const int all = count_ + o.count_;
    return all == 0 ? 1 : 2.0 * both / all;
  }

private:
  void set(unsigned n) {
    n = n * 2654435761u >> 24;
    auto& word = bits_[n / 64];
    count_ += static_cast<int>(~word >> (n % 64) & 1);
    word |= std::uint64_t{1} << (n % 64);
  }
  std::array<std::uint64_t, 4> bits_{};
  int count_ = 0; ///< bits that are set
};

using texts = std::vector<std::string_view>;

texts solid_old(const hunk& h) {
  auto out = old_side(h);
  std::erase_if(out, [](auto text) { return is_blank(text); });
  out.resize(std::min(out.size(), most_compared));
  return out;
}

double score_at(const texts& old, std::uint32_t first, const document& in) {
  double sum = 0;
  auto at = first;
  for (const auto text : old) {
    while (at < in.size() && is_blank(in.at(at).text))
      ++at;
    if (at < in.size())
      sum += pair_set(text).likeness_to(pair_set(in.at(at++).text));
  }
  return sum / static_cast<double>(old.size());
}

/// Where the hunk would begin, by the lines it has in common with the file;
/// lines that are everywhere say nothing.
std::vector<std::uint32_t> voted(const texts& old, const document& in) {
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> wanted;
  for (std::uint32_t i = 0; i < old.size(); ++i)
    wanted[line_hash(old[i], form::squeezed)].push_back(i);
  std::unordered_map<std::uint32_t, std::uint32_t> votes;
  const auto seen = in.hashes(form::squeezed);
  for (std::uint32_t at = 0; at < seen.size(); ++at)
    if (const auto i = wanted.find(seen[at]); i != wanted.end())
      for (const auto line : i->second)
        if (line <= at && i->second.size() < 4)
          ++votes[at - line];
  std::vector<std::pair<std::uint32_t, std::uint32_t>> best;
  for (const auto& [first, n] : votes)
    best.emplace_back(n, in.size() - first);
  std::sort(best.rbegin(), best.rend());
  std::vector<std::uint32_t> out;
  for (std::size_t i = 0; i < best.size() && i < 5; ++i)
    out.push_back(in.size() - best[i].second);
  return out;
}

/// Where the longest old line has its nearest relative.
std::vector<std::uint32_t> related(const texts& old, const document& in) {
  const auto longest =
    std::max_element(old.begin(), old.end(), [](auto a, auto b) {
      return solid_bytes(a) < solid_bytes(b);
    });
  const auto back = static_cast<std::uint32_t>(longest - old.begin());
  const pair_set wanted(*longest);
  double best = 0;
  std::uint32_t found = 0;
  for (std::uint32_t i = 0; i < in.size(); ++i) {
    const auto size = in.at(i).text.size();
    if (size * 3 < longest->size() || size > longest->size() * 3)
      continue;
    const auto score = wanted.likeness_to(pair_set(in.at(i).text));
    if (score > best) {
      best = score;
      found = i;
    }
  }
  if (best < least_score)
    return {};
  return {found >= back ? found - back : 0};
}

} // namespace

std::optional<likeness> most_similar(const hunk& h, const document& in) {
  const auto old = solid_old(h);
  if (old.empty() || in.size() == 0)
    return std::nullopt;
  auto starts = voted(old, in);
  if (starts.empty())
    starts = related(old, in);
  likeness best;
  for (const auto first : starts)
    if (const auto score = score_at(old, first, in); score > best.score)
      best = {first, static_cast<std::uint32_t>(old_side(h).size()), score};
  if (best.score < least_score)
    return std::nullopt;
  best.count = std::min(best.count, in.size() - best.first);
  return best;
}

std::string numbered(const likeness& at, const document& in) {
  const auto first = at.first > lines_around ? at.first - lines_around : 0;
  const auto end = std::min(
    {in.size(), at.first + at.count + lines_around, first + most_lines});
  const auto width = std::to_string(end).size();
  std::string out;
  for (auto i = first; i < end; ++i) {
    auto number = std::to_string(i + 1);
    number.insert(0, width - number.size(), ' ');
    out += number + "| " + std::string(clipped(in.at(i).text, 300)) + '\n';
  }
  return out;
}

} // namespace pj::patch
