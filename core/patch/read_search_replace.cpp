#include "core/patch/numbers.hpp"
#include "core/patch/readers.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace pj::patch {

namespace {

/// Five to nine of one sign, then maybe a word: `<<<<<<< SEARCH`.
bool is_marker(std::string_view text, char sign, std::string_view word) {
  text = trimmed(text);
  const auto n = std::min(text.find_first_not_of(sign), text.size());
  if (n < 5 || n > 9)
    return false;
  text = trimmed(text.substr(n));
  if (text.ends_with('>') && sign != '>')
    text = trimmed(text.substr(0, text.size() - 1));
  return equal_ignoring_case(text.substr(0, word.size()), word) &&
         text.size() <= word.size() + 1;
}

bool opens_search(std::string_view text) {
  return is_marker(text, '<', "SEARCH") || is_marker(text, '-', "SEARCH") ||
         is_marker(text, '<', "ORIGINAL");
}

bool splits(std::string_view text) {
  return is_marker(text, '=', "");
}

bool closes_replace(std::string_view text) {
  return is_marker(text, '>', "REPLACE") || is_marker(text, '+', "REPLACE") ||
         is_marker(text, '>', "UPDATED");
}

/// Nothing but a tag or a fence, as some answers put between path and block.
bool is_wrapping(std::string_view text) {
  text = trimmed(text);
  const bool tag =
    text.starts_with('<') && !opens_search(text) && text.find(' ') == text.npos;
  return text.empty() || tag || fence_on(text).length > 0;
}

/// The path of a fence's info string: ```` ```python src/a.py ````.
std::string_view path_in_fence(std::string_view text) {
  auto info = fence_on(text).info;
  const auto gap = info.find_first_of(" :");
  if (gap != info.npos)
    if (const auto path = bare_path(info.substr(gap + 1)); !path.empty())
      return path;
  return info.find_first_of("./") == info.npos ? std::string_view{}
                                               : bare_path(info);
}

/// Looks at the few lines above a block for the file it is about.
std::vector<std::string> paths_above(const source& from, std::size_t i) {
  std::vector<std::string> out;
  auto add = [&out](std::string_view path) {
    if (!path.empty())
      out.emplace_back(path);
  };
  int said = 0;
  for (std::size_t back = 1; back <= i && back <= 6 && said < 2; ++back) {
    const auto text = from.at(i - back);
    if (closes_replace(text))
      break;
    add(path_in_fence(text));
    if (is_wrapping(text))
      continue;
    add(bare_path(text));
    ++said;
  }
  return out;
}

struct block {
  std::vector<std::string_view> before;
  std::vector<std::string_view> after;
};

/// The lines of both halves, split at one of the `=======` lines.
block split_at(const std::vector<std::string_view>& body, std::size_t at) {
  const auto middle = body.begin() + static_cast<std::ptrdiff_t>(at);
  return {{body.begin(), middle}, {middle + 1, body.end()}};
}

/// Ways to read a block that are tried.
constexpr std::size_t max_splits = 8;

class block_reader {
public:
  block_reader(source& from, std::size_t i) : from_(from), start_(i), i_(i) {}

  void read() {
    while (++i_ < from_.size() && !closes_replace(from_.at(i_)) &&
           !opens_search(from_.at(i_))) {
      if (splits(from_.at(i_)))
        splits_.push_back(body_.size());
      body_.push_back(from_.at(i_));
    }
    closed_ = i_ < from_.size() && closes_replace(from_.at(i_));
    if (closed_)
      ++i_;
  }

  file_edit edit(std::vector<std::string> paths) {
    file_edit out;
    out.from = format::search_replace;
    out.paths = std::move(paths);
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
      add_variant(out, split_at(body_, at));
    return out;
  }

  std::size_t next() const noexcept { return i_; }

private:
  /// One hunk for each way to split; the planner keeps the only one that fits.
  void add_variant(file_edit& out, const block& b) const {
    auto before = b.before;
    auto after = b.after;
    if (strip_numbers(before))
      strip_numbers(after);
    auto h = hunk_between(before, after);
    h.answer_line = out.answer_line;
    out.hunks.push_back(std::move(h));
  }

  source& from_;
  std::size_t start_;
  std::size_t i_;
  std::vector<std::string_view> body_;
  std::vector<std::size_t> splits_;
  bool closed_ = false;
};

} // namespace

std::size_t read_search_replace(source& from, std::size_t i) {
  if (!opens_search(from.at(i)))
    return i;
  auto paths = paths_above(from, i);
  if (paths.empty() && !from.edits.empty() &&
      from.edits.back().from == format::search_replace)
    paths = from.edits.back().paths;
  block_reader reader(from, i);
  reader.read();
  from.edits.push_back(reader.edit(std::move(paths)));
  return reader.next();
}

} // namespace pj::patch
