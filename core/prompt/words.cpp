#include "core/prompt/words.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace pj::prompt {

namespace {

// Sorted. Words of English and words that every task has.
constexpr std::array stop_words = std::to_array<std::string_view>(
  {"about",   "add",     "added",  "adding", "after",  "all",    "also",
   "an",      "and",     "any",    "are",    "as",     "at",     "be",
   "because", "been",    "before", "being",  "but",    "by",     "can",
   "change",  "changes", "code",   "could",  "do",     "does",   "each",
   "ensure",  "every",   "file",   "files",  "fix",    "for",    "from",
   "get",     "had",     "has",    "have",   "how",    "if",     "implement",
   "in",      "instead", "into",   "is",     "it",     "its",    "just",
   "like",    "make",    "makes",  "may",    "more",   "must",   "need",
   "needs",   "new",     "no",     "not",    "now",    "of",     "on",
   "one",     "only",    "or",     "other",  "our",    "please", "remove",
   "same",    "shall",   "should", "so",     "some",   "such",   "sure",
   "than",    "that",    "the",    "their",  "them",   "then",   "there",
   "these",   "they",    "this",   "to",     "update", "use",    "used",
   "uses",    "using",   "want",   "was",    "we",     "were",   "what",
   "when",    "where",   "which",  "while",  "who",    "will",   "with",
   "would",   "you",     "your"});
static_assert(std::is_sorted(stop_words.begin(), stop_words.end()));

enum : std::uint8_t { other, small, capital, digit, joint };

constexpr auto classes = [] {
  std::array<std::uint8_t, 256> out{};
  for (int c = 'a'; c <= 'z'; ++c)
    out[static_cast<std::size_t>(c)] = small;
  for (int c = 'A'; c <= 'Z'; ++c)
    out[static_cast<std::size_t>(c)] = capital;
  for (int c = '0'; c <= '9'; ++c)
    out[static_cast<std::size_t>(c)] = digit;
  for (std::size_t c = 0x80; c < 256; ++c)
    out[c] = small;
  out['_'] = joint;
  return out;
}();

std::uint8_t class_of(char c) noexcept {
  return classes[static_cast<unsigned char>(c)];
}

constexpr std::uint64_t hash_start = 0xcbf29ce484222325;

std::uint64_t hashed(std::uint64_t hash, char c) noexcept {
  const auto byte =
    static_cast<unsigned char>(c) | (class_of(c) == capital ? 0x20u : 0u);
  return (hash ^ byte) * 0x100000001b3;
}

std::uint64_t hash_of(std::string_view word) noexcept {
  auto hash = hash_start;
  for (const char c : word)
    hash = hashed(hash, c);
  return hash;
}

/// Whether a part of an identifier ends before `text[i]`: at a joint, and
/// where capitals begin (`parse|Config`) or a word follows them
/// (`HTTP|Server`).
bool part_ends(std::string_view text, std::size_t i) noexcept {
  const auto now = class_of(text[i]);
  if (now != capital)
    return now == joint;
  if (class_of(text[i - 1]) != capital)
    return true;
  return i + 1 < text.size() && class_of(text[i + 1]) == small;
}

/// Reads identifiers: `part(hash, begin, end)` for each part and
/// `whole(hash, begin, end)` for an identifier of several parts.
template <class Part, class Whole>
void read_identifiers(std::string_view text, Part part, Whole whole) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (class_of(text[i]) == other)
      continue;
    const auto begin = i;
    auto from = i;
    auto all = hash_start;
    auto some = hash_start;
    int parts = 0;
    for (; i < text.size() && class_of(text[i]) != other; ++i) {
      if (i > from && part_ends(text, i)) {
        part(some, from, i);
        ++parts;
        some = hash_start;
        from = i;
      }
      if (class_of(text[i]) == joint) {
        from = i + 1;
        some = hash_start;
        continue;
      }
      some = hashed(some, text[i]);
      all = hashed(all, text[i]);
    }
    if (i > from) {
      part(some, from, i);
      ++parts;
    }
    if (parts > 1)
      whole(all, begin, i);
  }
}

bool ends_with(std::string_view word, std::string_view ending,
               std::size_t stem) noexcept {
  return word.size() >= ending.size() + stem && word.ends_with(ending);
}

/// What a word looks like without its ending; the word itself when it has none.
std::vector<std::string> stems(const std::string& word) {
  std::vector<std::string> out{word};
  const auto cut = [&](std::size_t n) {
    return word.substr(0, word.size() - n);
  };
  if (ends_with(word, "ies", 2))
    out.push_back(cut(3) + "y");
  if (ends_with(word, "es", 3))
    out.push_back(cut(2));
  if (ends_with(word, "s", 3) && !word.ends_with("ss"))
    out.push_back(cut(1));
  for (const std::string_view ending : {"ing", "ed", "er", "ion"})
    if (ends_with(word, ending, 3)) {
      const auto stem = cut(ending.size());
      out.push_back(stem);
      out.push_back(stem + "e");
      if (stem[stem.size() - 1] == stem[stem.size() - 2])
        out.push_back(stem.substr(0, stem.size() - 1));
    }
  return out;
}

/// The forms under which a word may stand in a repository.
std::vector<std::string> forms(const std::string& word) {
  std::vector<std::string> out;
  for (const auto& stem : stems(word)) {
    out.push_back(stem);
    if (stem.size() < 3)
      continue;
    for (const char* ending : {"s", "es", "ed", "ing", "er"})
      out.push_back(stem + ending);
    const auto shorter = stem.substr(0, stem.size() - 1);
    if (stem.back() == 'e')
      for (const char* ending : {"ed", "ing", "er", "ion"})
        out.push_back(shorter + ending);
    if (stem.back() == 'y')
      out.push_back(shorter + "ies");
  }
  return out;
}

std::string joined_word(std::string_view identifier) {
  std::string out;
  for (const char c : lowered(identifier))
    if (c != '_')
      out += c;
  return out;
}

} // namespace

bool is_stop_word(std::string_view word) noexcept {
  return std::binary_search(stop_words.begin(), stop_words.end(), word);
}

query::query(std::string_view task) : slots_(64) {
  std::string before; // the last word, when it may be read with the next
  std::size_t before_end = 0;
  const auto take_part = [&](std::uint64_t, std::size_t begin,
                             std::size_t end) {
    auto word = lowered(task.substr(begin, end - begin));
    if (word.size() < 2 || is_stop_word(word)) {
      before.clear();
      return;
    }
    add(word, true);
    const auto between = task.substr(before_end, begin - before_end);
    if (!before.empty() && between.find_first_not_of(" -_./") == between.npos)
      add(before + word, false);
    before = std::move(word);
    before_end = end;
  };
  const auto take_whole = [&](std::uint64_t, std::size_t begin,
                              std::size_t end) {
    add(joined_word(task.substr(begin, end - begin)), false);
  };
  read_identifiers(task, take_part, take_whole);
  for (auto& weight : weights_)
    weight = 1 + std::log(weight);
}

const query::slot* query::find(std::uint64_t hash) const noexcept {
  const auto mask = slots_.size() - 1;
  for (auto i = (hash ^ (hash >> 32)) & mask; slots_[i].hash != 0;
       i = (i + 1) & mask)
    if (slots_[i].hash == hash)
      return &slots_[i];
  return nullptr;
}

void query::insert(std::uint64_t hash, std::uint32_t term) {
  if (find(hash))
    return;
  if (used_ * 2 >= slots_.size())
    grow();
  const auto mask = slots_.size() - 1;
  auto i = (hash ^ (hash >> 32)) & mask;
  while (slots_[i].hash != 0)
    i = (i + 1) & mask;
  slots_[i] = {hash, term};
  ++used_;
}

void query::grow() {
  const auto old = std::exchange(slots_, std::vector<slot>(slots_.size() * 2));
  used_ = 0;
  for (const auto& s : old)
    if (s.hash != 0)
      insert(s.hash, s.term);
}

void query::add(const std::string& word, bool with_endings) {
  const auto hash = hash_of(word);
  if (const auto* known = find(hash)) {
    weights_[known->term] += 1;
    return;
  }
  if (weights_.size() >= max_terms)
    return;
  const auto term = static_cast<std::uint32_t>(weights_.size());
  weights_.push_back(1);
  insert(hash, term);
  if (!with_endings || word.size() < 3)
    return;
  for (const auto& form : forms(word))
    if (!is_stop_word(form))
      insert(hash_of(form), term);
}

void query::scan(std::string_view text, const on_hit& hit) const {
  const auto take = [&](std::uint64_t hash, std::size_t begin, std::size_t) {
    if (const auto* known = find(hash))
      hit(known->term, begin);
  };
  read_identifiers(text, take, take);
}

std::vector<term_count> query::count(std::string_view text) const {
  std::vector<std::uint32_t> counts(size());
  scan(text, [&](std::uint32_t term, std::size_t) { ++counts[term]; });
  std::vector<term_count> out;
  for (std::uint32_t i = 0; i < counts.size(); ++i)
    if (counts[i] > 0)
      out.push_back({i, counts[i]});
  return out;
}

} // namespace pj::prompt
