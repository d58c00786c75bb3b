#include "core/prompt/excerpt.hpp"

#include "core/llm/models.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace pj::prompt {

namespace {

// Lines shown around a line with the task's words, and at most of a symbol.
constexpr std::size_t lines_before = 8;
constexpr std::size_t lines_after = 16;
constexpr std::size_t symbol_lines = 80;

// A gap this short between two windows is shown too.
constexpr std::size_t short_gap = 6;

// Imports and what the file is for.
constexpr std::size_t head_lines = 15;

// Tokens; with less left no further window is tried.
constexpr std::uint64_t least_window = 60;

/// Lines [first, last), from 0.
struct window {
  std::size_t first = 0;
  std::size_t last = 0;
};

class excerpt {
public:
  excerpt(const document& file, std::uint64_t budget)
    : file_(file), budget_(budget) {
    std::string_view rest = file.text;
    while (!rest.empty()) {
      const auto end = rest.find('\n');
      lines_.push_back(rest.substr(0, end == rest.npos ? end : end + 1));
      rest.remove_prefix(lines_.back().size());
    }
    shown_.resize(lines_.size());
  }

  void weigh(const query& words, const ranking& ranks) {
    weights_.resize(lines_.size());
    std::vector<std::size_t> last_line(words.size(), lines_.size());
    std::size_t line = 0;
    std::size_t end = lines_.empty() ? 0 : lines_[0].size();
    words.scan(file_.text, [&](std::uint32_t term, std::size_t at) {
      while (at >= end)
        end += lines_[++line].size();
      if (std::exchange(last_line[term], line) != line)
        weights_[line] += ranks.rarity(term) * words.weight(term);
    });
  }

  void choose() {
    show({0, std::min(head_lines, lines_.size())});
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < lines_.size(); ++i)
      if (weights_[i] > 0)
        order.push_back(i);
    // A symbol that the task names counts twice.
    for (const auto& one : file_.symbols)
      if (one.line > 0 && one.line <= lines_.size())
        weights_[one.line - 1] *= 2;
    std::stable_sort(order.begin(), order.end(),
                     [&](auto x, auto y) { return weights_[x] > weights_[y]; });
    for (const auto line : order)
      if (!shown_[line] && budget_ > least_window)
        show(around(line));
    for (std::size_t i = 0; order.empty() && i < lines_.size(); ++i)
      if (!shown_[i] && !show({i, i + 1}))
        break;
    close_gaps();
  }

  std::vector<block> blocks() const {
    std::vector<block> out;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (!shown_[i])
        continue;
      const auto first = i;
      auto one = block{file_.entry->path, {}, {}};
      for (; i < lines_.size() && shown_[i]; ++i)
        one.text += lines_[i];
      one.attributes = " lines=\"" + std::to_string(first + 1) + '-' +
                       std::to_string(i) + " of " +
                       std::to_string(lines_.size()) + '"';
      out.push_back(std::move(one));
    }
    return out;
  }

private:
  /// A symbol with its body (up to the next symbol), or some lines around.
  window around(std::size_t line) const {
    const auto first = line - std::min(line, lines_before);
    auto last = line + lines_after;
    const auto& symbols = file_.symbols;
    auto next = std::upper_bound(
      symbols.begin(), symbols.end(), line + 1,
      [](std::size_t number, const symbol& s) { return number < s.line; });
    if (next != symbols.begin() && std::prev(next)->line == line + 1) {
      const auto end = next == symbols.end() ? lines_.size() : next->line - 1;
      last = std::max(last, std::min(end, line + symbol_lines));
    }
    return {first, std::min(last, lines_.size())};
  }

  /// Shows the lines if the budget allows all of them.
  bool show(window part) {
    std::uint64_t cost = 0;
    for (auto i = part.first; i < part.last; ++i)
      if (!shown_[i])
        cost += llm::estimate_tokens(lines_[i]);
    const bool joins = (part.first > 0 && shown_[part.first - 1]) ||
                       (part.last < lines_.size() && shown_[part.last]);
    if (!joins)
      cost += cost_of(
        {file_.entry->path, " lines=\"1000000-1000000 of 1000000\"", {}});
    if (cost > budget_)
      return false;
    budget_ -= cost;
    std::fill(shown_.begin() + static_cast<std::ptrdiff_t>(part.first),
              shown_.begin() + static_cast<std::ptrdiff_t>(part.last), true);
    return true;
  }

  void close_gaps() {
    std::size_t gap = 0;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (!shown_[i])
        ++gap;
      else if (std::exchange(gap, 0) <= short_gap)
        show_gap_before(i);
    }
  }

  void show_gap_before(std::size_t end) {
    auto first = end;
    while (first > 0 && !shown_[first - 1])
      --first;
    if (first < end)
      show({first, end});
  }

  const document& file_;
  std::uint64_t budget_;
  std::vector<std::string_view> lines_;
  std::vector<double> weights_;
  std::vector<bool> shown_;
};

std::string note(const document& file) {
  return file.repaired
           ? " note=\"not UTF-8; leave lines with \xef\xbf\xbd alone\""
           : "";
}

} // namespace

block whole(const document& file) {
  return {file.entry->path, note(file), file.text};
}

std::uint64_t cost_of_whole(const document& file) {
  return cost_of({file.entry->path, note(file), {}}) +
         llm::estimate_tokens(file.text);
}

std::vector<block> excerpts(const document& file, const query& words,
                            const ranking& ranks, std::uint64_t budget) {
  excerpt parts(file, budget);
  parts.weigh(words, ranks);
  parts.choose();
  auto out = parts.blocks();
  for (auto& one : out)
    one.attributes += note(file);
  return out;
}

} // namespace pj::prompt
