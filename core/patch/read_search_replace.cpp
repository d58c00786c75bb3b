#include "core/patch/file_names.hpp"
#include "core/patch/numbers.hpp"
#include "core/patch/readers.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <optional>

namespace pj::patch {

namespace {

constexpr std::string_view start_line = ":start_line:";

/// What follows five to nine of one sign: `<<<<<<< SEARCH`. Null: none do.
std::optional<std::string_view> after_signs(std::string_view text, char sign) {
  text = trimmed(text);
  const auto n = std::min(text.find_first_not_of(sign), text.size());
  if (n < 5 || n > 9)
    return std::nullopt;
  return trimmed(text.substr(n));
}

bool is_marker(std::string_view text, char sign, std::string_view word) {
  const auto rest = after_signs(text, sign);
  if (!rest || !equal_ignoring_case(rest->substr(0, word.size()), word))
    return false;
  const auto more = rest->substr(std::min(word.size(), rest->size()));
  return more.empty() || more == ">" || more == ":";
}

/// `<<<<<<< SEARCH path`: the path, or empty.
std::string_view path_in_marker(std::string_view text) {
  const auto rest = after_signs(text, '<');
  constexpr std::string_view word = "SEARCH";
  if (!rest || !equal_ignoring_case(rest->substr(0, word.size()), word))
    return {};
  return bare_path(rest->substr(word.size()));
}

bool opens_search(std::string_view text) {
  return is_marker(text, '<', "SEARCH") || is_marker(text, '-', "SEARCH") ||
         is_marker(text, '<', "ORIGINAL") || !path_in_marker(text).empty();
}

bool splits(std::string_view text) {
  return is_marker(text, '=', "");
}

bool closes_replace(std::string_view text) {
  return is_marker(text, '>', "REPLACE") || is_marker(text, '+', "REPLACE") ||
         is_marker(text, '>', "UPDATED");
}

/// Signs without a word: `<<<<<<<`, `=======` and `>>>>>>>` in this order.
bool opens_bare_block(const source& from, std::size_t i) {
  constexpr std::size_t longest = 2'000;
  if (!is_marker(from.at(i), '<', ""))
    return false;
  bool split = false;
  for (auto j = i + 1; j < from.size() && j < i + longest; ++j) {
    if (is_marker(from.at(j), '<', ""))
      return false;
    if (is_marker(from.at(j), '>', ""))
      return split;
    split = split || splits(from.at(j));
  }
  return false;
}

/// Nothing but a tag or a fence, as some answers put between path and block.
bool is_wrapping(std::string_view text) {
  text = trimmed(text);
  const bool tag =
    text.starts_with('<') && !opens_search(text) && text.find(' ') == text.npos;
  return text.empty() || tag || fence_on(text).length > 0;
}

/// Lines above a block that may name its file, and of these those with words.
constexpr std::size_t lines_above = 6;
constexpr int sentences_above = 2;

/// What the few lines above a block say about the file it is for.
struct headline {
  std::vector<std::string> paths;   ///< lines that are a path and nothing else
  std::vector<std::string> in_text; ///< the only file a sentence names
};

headline read_headline(const source& from, std::size_t i) {
  headline out;
  int said = 0;
  for (std::size_t back = 1;
       back <= i && back <= lines_above && said < sentences_above; ++back) {
    const auto text = from.at(i - back);
    if (closes_replace(text))
      break;
    if (const auto path = path_in_fence(text); !path.empty())
      out.paths.emplace_back(path);
    const auto path = path_on(from, i - back);
    const auto named = file_names_in(text);
    if (is_wrapping(text) && named.empty() && path.empty())
      continue;
    if (!path.empty())
      out.paths.emplace_back(path);
    else if (named.size() == 1)
      out.in_text.emplace_back(named.front());
    said += !is_wrapping(text);
  }
  return out;
}

/// The file of a block: named in its first marker, above it, or that of the
/// block before it.
std::vector<std::string> paths_for(const source& from, std::size_t i) {
  if (const auto path = path_in_marker(from.at(i)); !path.empty())
    return {std::string(path)};
  auto above = read_headline(from, i);
  if (!above.paths.empty())
    return above.paths;
  if (!above.in_text.empty())
    return above.in_text;
  if (!from.edits.empty() && from.edits.back().from == format::search_replace)
    return from.edits.back().paths;
  return {};
}

using texts = std::vector<std::string_view>;

struct block {
  texts before;
  texts after;
};

/// The lines of both halves, split at one of the `=======` lines.
block split_at(const texts& body, std::size_t at) {
  const auto middle = body.begin() + static_cast<std::ptrdiff_t>(at);
  return {{body.begin(), middle}, {middle + 1, body.end()}};
}

/// Ways to read a block that are tried.
constexpr std::size_t max_splits = 8;

class block_reader {
public:
  block_reader(source& from, std::size_t i, std::vector<std::string> paths)
    : from_(from), start_(i), i_(i), paths_(std::move(paths)) {}

  void read() {
    bare_ = is_marker(from_.at(i_), '<', "");
    skip_start_line();
    while (++i_ < from_.size() && !closes(from_.at(i_)) &&
           !opens_search(from_.at(i_)))
      body_.push_back(from_.at(i_));
    find_splits();
    drop_second_split();
    drop_closing_fence();
    closed_ = i_ < from_.size() && closes(from_.at(i_));
    if (closed_)
      ++i_;
  }

  file_edit edit() {
    file_edit out;
    out.from = format::search_replace;
    out.paths = std::move(paths_);
    out.section = from_.section;
    out.answer_line = static_cast<std::uint32_t>(start_ + 1);
    if (out.paths.empty())
      out.wrong = "the block names no file";
    if (splits_.empty())
      out.wrong = "the block has no ======= line";
    if (!closed_) {
      out.wrong = "the block has no REPLACE line";
      from_.cut = from_.cut || i_ >= from_.size();
    }
    if (splits_.size() > max_splits) {
      out.wrong = "the block has too many ======= lines to tell its halves";
      splits_.clear();
    }
    for (const auto at : splits_)
      add_variants(out, split_at(body_, at));
    return out;
  }

  std::size_t next() const noexcept { return i_; }

private:
  bool closes(std::string_view text) const {
    return closes_replace(text) || (bare_ && is_marker(text, '>', ""));
  }

  /// `:start_line:12` and the line of signs below it.
  void skip_start_line() {
    if (!from_.at(i_ + 1).starts_with(start_line))
      return;
    for (++i_; from_.at(i_ + 1).starts_with(':'); ++i_)
      ;
    if (after_signs(from_.at(i_ + 1), '-'))
      ++i_;
  }

  /// Lines as long as the marker that opened the block; any, when none are.
  void find_splits() {
    const auto size = trimmed(from_.at(start_)).find_first_not_of("<-");
    std::vector<std::size_t> exact;
    for (std::size_t k = 0; k < body_.size(); ++k)
      if (splits(body_[k])) {
        splits_.push_back(k);
        if (size == std::string_view::npos || trimmed(body_[k]).size() == size)
          exact.push_back(k);
      }
    if (!exact.empty())
      splits_ = std::move(exact);
  }

  /// A marker said twice, or once more before the last. In a document it may
  /// be a heading's line.
  void drop_second_split() {
    if (splits_.size() != 2 || (!paths_.empty() && is_document(paths_.front())))
      return;
    if (splits_[1] != splits_[0] + 1 && splits_[1] + 1 != body_.size())
      return;
    body_.erase(body_.begin() + static_cast<std::ptrdiff_t>(splits_[1]));
    splits_.pop_back();
  }

  /// The fence around the block, closed before its last marker.
  void drop_closing_fence() {
    if (splits_.size() != 1 || body_.empty() || from_.open.length == 0 ||
        !pj::patch::closes(body_.back(), from_.open))
      return;
    const auto fences =
      std::count_if(body_.begin(), body_.end(),
                    [](auto text) { return fence_on(text).length > 0; });
    if (fences % 2 == 1)
      body_.pop_back();
  }

  /// One hunk for each way to read the block; the planner keeps the only one
  /// that fits.
  void add_variants(file_edit& out, const block& b) const {
    auto before = b.before;
    auto after = b.after;
    const auto sign = strip_numbers(before);
    if (sign == number_sign::odd)
      add_variant(out, b.before, b.after);
    if (sign != number_sign::none)
      strip_some_numbers(after);
    else if (auto bare = after; strip_numbers(bare) == number_sign::sure)
      out.wrong = "REPLACE has line numbers that SEARCH has not";
    add_variant(out, before, after);
  }

  static void add_variant(file_edit& out, const texts& before,
                          const texts& after) {
    auto h = hunk_between(before, after);
    h.answer_line = out.answer_line;
    out.hunks.push_back(std::move(h));
  }

  source& from_;
  std::size_t start_;
  std::size_t i_;
  std::vector<std::string> paths_;
  texts body_;
  std::vector<std::size_t> splits_;
  bool closed_ = false;
  bool bare_ = false; ///< its markers have no words
};

} // namespace

std::size_t read_search_replace(source& from, std::size_t i) {
  if (!opens_search(from.at(i)) && !opens_bare_block(from, i))
    return i;
  block_reader reader(from, i, paths_for(from, i));
  reader.read();
  from.edits.push_back(reader.edit());
  return reader.next();
}

} // namespace pj::patch
