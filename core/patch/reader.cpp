#include "core/patch/readers.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace pj::patch {

namespace {

using read_piece = std::size_t (*)(source&, std::size_t);

struct reader_of {
  format what;
  read_piece read;
};

/// Formats with marks of their own.
constexpr reader_of marked_formats[] = {
  {format::apply_patch, read_apply_patch},
  {format::udiff, read_udiff},
  {format::search_replace, read_search_replace},
  {format::whole, read_file_form},
};

bool wanted(format only, format what) {
  return only == format::any || only == what;
}

/// One pass over the answer with the given readers. What no reader takes is
/// prose or wrapping; it parts the sections.
class pass {
public:
  pass(source& from, const options& how) : from_(from), how_(how) {}

  void marked() {
    run([this](std::size_t i) {
      for (const auto& r : marked_formats)
        if (wanted(how_.only, r.what))
          if (const auto next = r.read(from_, i); next > i)
            return next;
      return i;
    });
  }

  /// Blocks beside edits in marked formats may only show a file.
  void fenced_files() {
    const auto first = from_.edits.size();
    const bool beside = first > 0;
    from_.open = {};
    dirty_ = false;
    marked_ = false;
    run([this](std::size_t i) { return outside(i, read_fenced_file); });
    for (auto i = first; i < from_.edits.size(); ++i) {
      from_.edits[i].beside = beside;
      from_.edits[i].edited = is_edited(from_.edits[i], first);
      if (how_.only == format::whole)
        from_.edits[i].guessed = false;
    }
  }

private:
  /// One of the first `marked` edits is of the same file.
  bool is_edited(const file_edit& block, std::size_t marked) const {
    return std::any_of(
      from_.edits.begin(),
      from_.edits.begin() + static_cast<std::ptrdiff_t>(marked),
      [&](const file_edit& e) {
        return std::find(e.paths.begin(), e.paths.end(), block.paths.front()) !=
               e.paths.end();
      });
  }

  template <class Read>
  void run(Read read) {
    for (std::size_t i = 0; i < from_.size();) {
      const auto next = read(i);
      if (next > i) {
        if (marked_)
          taken_.push_back({i, next});
        i = next;
        dirty_ = true;
        if (from_.edits.size() > how_.max_edits)
          return;
      } else {
        part(from_.at(i++));
      }
    }
    from_.cut = from_.cut || (dirty_ && from_.edits.back().cut &&
                              (from_.open.length > 0 || ends_in_a_line()));
  }

  /// Stopped in the middle of an added or removed line.
  bool ends_in_a_line() const {
    const auto& hunks = from_.edits.back().hunks;
    if (from_.lines.back().end != line_end::none || hunks.empty() ||
        hunks.back().lines.empty())
      return false;
    const auto what = hunks.back().lines.back().what;
    return what == mark::add || what == mark::remove;
  }

  /// Reads at a line only what holds no line of the first pass's edits.
  std::size_t outside(std::size_t i, read_piece read) {
    while (seen_ < taken_.size() && taken_[seen_].end <= i)
      ++seen_;
    const bool any = seen_ < taken_.size();
    if (any && taken_[seen_].first <= i)
      return i;
    const auto known = from_.edits.size();
    const bool cut = from_.cut;
    const auto next = read(from_, i);
    if (!any || next <= taken_[seen_].first)
      return next;
    from_.edits.resize(known);
    from_.cut = cut;
    return i;
  }

  void part(std::string_view text) {
    if (closes(text, from_.open))
      from_.open = {};
    else if (const auto f = fence_on(text);
             f.length > 0 && from_.open.length == 0)
      from_.open = f;
    from_.in_patch_tag = from_.in_patch_tag || text.starts_with("<patch>");
    if (dirty_ && !is_blank(text))
      ++from_.section;
    dirty_ = dirty_ && is_blank(text);
  }

  source& from_;
  const options& how_;
  bool dirty_ = false; ///< an edit ended and no prose came since

  struct lines {
    std::size_t first = 0;
    std::size_t end = 0;
  };
  bool marked_ = true;       ///< the first pass
  std::vector<lines> taken_; ///< by its edits
  std::size_t seen_ = 0;     ///< of `taken_`
};

std::size_t hunks_of(const source& from) {
  std::size_t n = 0;
  for (const auto& e : from.edits)
    n += std::max<std::size_t>(1, e.hunks.size());
  return n;
}

std::size_t files_of(const source& from) {
  std::vector<std::string_view> names;
  for (const auto& e : from.edits)
    if (!e.paths.empty())
      names.push_back(e.paths.front());
  std::sort(names.begin(), names.end());
  return static_cast<std::size_t>(std::unique(names.begin(), names.end()) -
                                  names.begin());
}

std::string problem_of(const source& from, const options& how) {
  if (how.truncated || from.cut)
    return "the patch is truncated: the answer ends before it does";
  if (from.edits.empty())
    return "the answer holds no patch: no diff, search/replace block, "
           "apply_patch envelope or whole file was found in it";
  if (hunks_of(from) > how.max_edits)
    return "the patch has more than " + std::to_string(how.max_edits) +
           " edits";
  if (files_of(from) > how.max_files)
    return "the patch names more than " + std::to_string(how.max_files) +
           " files";
  return {};
}

std::string unusable(std::string_view answer, const options& how) {
  if (answer.size() > how.max_answer)
    return "the patch is larger than " + std::to_string(how.max_answer) +
           " bytes";
  if (answer.size() > max_lines && static_cast<std::size_t>(std::count_if(
                                     answer.begin(), answer.end(), [](char c) {
                                       return c == '\n' || c == '\r';
                                     })) > max_lines)
    return "the patch has more than " + std::to_string(max_lines) + " lines";
  if (answer.find('\0') != answer.npos)
    return "the patch holds a NUL byte";
  if (!is_valid_utf8(answer))
    return "the patch is not valid UTF-8";
  return {};
}

/// A closing fence glued to the last line of what it closes.
void part_glued_fence(std::vector<line>& lines) {
  fence open;
  std::size_t last = lines.size();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto f = fence_on(lines[i].text);
    if (closes(lines[i].text, open))
      open = {};
    else if (f.length > 0 && open.length == 0)
      open = f;
    if (!is_blank(lines[i].text))
      last = i;
  }
  if (open.length == 0 || last >= lines.size())
    return;
  const std::string mark(open.length, open.sign);
  const auto text = without_trailing(lines[last].text);
  const bool signed_mark = text.size() == mark.size() + 1 && text[0] == '+';
  if (!text.ends_with(mark) || fence_on(text).length > 0 || signed_mark)
    return;
  lines[last].text = text.substr(0, text.size() - mark.size());
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(last) + 1,
               {text.substr(text.size() - mark.size()), line_end::lf});
}

/// Without a byte order mark, and without the token that ends a model's turn.
std::string_view without_frame(std::string_view answer) {
  if (answer.starts_with("\xef\xbb\xbf"))
    answer.remove_prefix(3);
  const auto end = trimmed(answer);
  const auto at = end.ends_with("|>") ? end.rfind("<|") : end.npos;
  if (at == end.npos || end.size() - at > 32 ||
      end.substr(at).find_first_of(" \n") != end.npos)
    return answer;
  return answer.substr(0, static_cast<std::size_t>(end.data() - answer.data()) +
                            at);
}

} // namespace

reading read_answer(std::string_view answer, const options& how,
                    const source_tree* tree) {
  reading out;
  answer = without_frame(answer);
  out.problem = unusable(answer, how);
  if (!out.problem.empty())
    return out;
  source from;
  from.tree = tree;
  from.lines = split_lines(answer);
  part_glued_fence(from.lines);
  pass p(from, how);
  p.marked();
  if (wanted(how.only, format::whole))
    p.fenced_files();
  out.problem = problem_of(from, how);
  for (auto& edit : from.edits)
    for (auto& h : edit.hunks)
      keep_unchanged(h);
  out.edits = std::move(from.edits);
  out.room = std::move(from.room);
  return out;
}

} // namespace pj::patch
