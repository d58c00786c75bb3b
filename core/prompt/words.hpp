#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pj::prompt {

/// How often a term of the query occurs somewhere.
struct term_count {
  std::uint32_t term = 0;
  std::uint32_t count = 0;
};

/// The words of a task, ready to be counted in other texts. A term is a part
/// of an identifier (`parse` and `config` of `parseConfig` or `parse_config`),
/// a whole identifier without its separators, or two neighbouring words of the
/// task read as one identifier (`rate limiter` finds `RateLimiter`). Case and
/// simple endings (`-s`, `-ing`, `-ed` …) do not matter; stop words are left
/// out. At most `max_terms`, in the order of the task.
class query {
public:
  static constexpr std::size_t max_terms = 400;

  explicit query(std::string_view task);

  std::size_t size() const noexcept { return weights_.size(); }

  /// From 1 up: a term that the task repeats counts more, but slowly.
  double weight(std::uint32_t term) const { return weights_[term]; }

  /// Calls `hit(term, offset)` for every term in `text`, in order. One pass.
  using on_hit = std::function<void(std::uint32_t, std::size_t)>;
  void scan(std::string_view text, const on_hit& hit) const;

  /// The terms found in `text`, each once, by term.
  std::vector<term_count> count(std::string_view text) const;

private:
  struct slot {
    std::uint64_t hash = 0; ///< 0: free
    std::uint32_t term = 0;
  };

  const slot* find(std::uint64_t hash) const noexcept;
  void insert(std::uint64_t hash, std::uint32_t term);
  void grow();
  void add(const std::string& word, bool with_endings);

  std::vector<double> weights_;
  std::vector<slot> slots_; ///< open addressing; size is a power of two
  std::size_t used_ = 0;
};

/// Whether a word says nothing about what a file is for. Lower case.
bool is_stop_word(std::string_view word) noexcept;

} // namespace pj::prompt
