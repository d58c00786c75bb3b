#include "core/patch/hunk_head.hpp"
#include "core/patch/readers.hpp"
#include "core/text.hpp"

namespace pj::patch {

namespace {

constexpr std::string_view begin_mark = "*** Begin Patch";
constexpr std::string_view end_mark = "*** End Patch";
constexpr std::string_view add_mark = "*** Add File:";
constexpr std::string_view delete_mark = "*** Delete File:";
constexpr std::string_view update_mark = "*** Update File:";
constexpr std::string_view move_mark = "*** Move to:";
constexpr std::string_view end_of_file = "*** End of File";

bool is_mark(std::string_view text, std::string_view mark) {
  return trimmed(text).starts_with(mark);
}

/// A `***` line, which no chunk can hold (its lines carry a sign).
bool is_any_mark(std::string_view text) {
  return text.starts_with("*** ") || is_mark(text, update_mark) ||
         is_mark(text, add_mark) || is_mark(text, delete_mark) ||
         is_mark(text, end_mark);
}

std::string after_mark(std::string_view text, std::string_view mark) {
  return std::string(trimmed(trimmed(text).substr(mark.size())));
}

class patch_reader {
public:
  patch_reader(source& from, std::size_t i) : from_(from), i_(i) {}

  std::size_t read() {
    const auto first_edit = from_.edits.size();
    const auto start = i_;
    if (is_mark(from_.at(i_), begin_mark))
      ++i_;
    while (i_ < from_.size() && !is_mark(from_.at(i_), end_mark) &&
           !ends_patch(from_.at(i_)))
      read_file();
    if (i_ < from_.size() && is_mark(from_.at(i_), end_mark))
      ++i_;
    else if (i_ >= from_.size())
      from_.cut = true;
    if (from_.edits.size() == first_edit)
      add_wrong(start, "the patch is empty");
    return i_;
  }

private:
  static bool ends_patch(std::string_view text) {
    return fence_on(text).length > 0 || text == "EOF" || text == "PATCH";
  }

  file_edit fresh(action what, std::string path) {
    file_edit out;
    out.what = what;
    out.from = format::apply_patch;
    out.section = from_.section;
    out.answer_line = static_cast<std::uint32_t>(i_ + 1);
    if (path.empty())
      out.wrong = "the patch names no file";
    out.paths.push_back(std::move(path));
    return out;
  }

  void add_wrong(std::size_t line, std::string why) {
    auto edit = fresh(action::modify, "?");
    edit.answer_line = static_cast<std::uint32_t>(line + 1);
    edit.wrong = std::move(why);
    from_.edits.push_back(std::move(edit));
  }

  void read_file() {
    const auto text = from_.at(i_);
    if (is_mark(text, add_mark))
      read_add();
    else if (is_mark(text, delete_mark))
      read_delete();
    else if (is_mark(text, update_mark))
      read_update();
    else if (is_blank(text))
      ++i_;
    else
      add_wrong(i_++, "\"" + printable(text, 60) +
                        "\" is not a line an apply_patch envelope may hold");
  }

  void read_add() {
    auto edit = fresh(action::create, after_mark(from_.at(i_), add_mark));
    for (++i_; i_ < from_.size() && !is_any_mark(from_.at(i_)); ++i_) {
      const auto text = from_.at(i_);
      if (!text.starts_with('+')) {
        if (ends_patch(text))
          break;
        if (!is_blank(text))
          edit.wrong = "a line of a new file lacks its +";
      }
      edit.content += text.substr(text.empty() ? 0 : 1);
      edit.content += '\n';
    }
    from_.edits.push_back(std::move(edit));
  }

  void read_delete() {
    from_.edits.push_back(
      fresh(action::remove, after_mark(from_.at(i_), delete_mark)));
    ++i_;
  }

  void read_update() {
    auto edit = fresh(action::modify, after_mark(from_.at(i_), update_mark));
    ++i_;
    if (is_mark(from_.at(i_), move_mark))
      edit.move_to = after_mark(from_.at(i_++), move_mark);
    while (i_ < from_.size() && !ends_patch(from_.at(i_)) &&
           !is_any_mark(from_.at(i_)))
      if (!read_chunk(edit))
        break;
    if (edit.hunks.empty() && edit.move_to.empty() && edit.wrong.empty())
      edit.wrong = "the update holds no change";
    from_.edits.push_back(std::move(edit));
  }

  /// `@@ anchor` lines, then lines with a sign.
  bool read_chunk(file_edit& edit) {
    hunk h;
    h.answer_line = static_cast<std::uint32_t>(i_ + 1);
    for (; from_.at(i_).starts_with("@@"); ++i_) {
      const auto head = read_hunk_head(from_.at(i_));
      if (head.counted)
        h.hint = head.before.first;
      if (!head.text.empty())
        h.anchors.push_back(head.text);
    }
    const auto first = i_;
    for (; i_ < from_.size(); ++i_)
      if (!take(from_.at(i_), h) && !take_unsigned(h))
        break;
    if (is_mark(from_.at(i_), end_of_file)) {
      h.at_end = true;
      ++i_;
    }
    h.last = final_newline::on_added;
    if (!h.lines.empty())
      edit.hunks.push_back(std::move(h));
    else if (i_ == first) {
      edit.wrong = "\"" + printable(from_.at(i_), 60) +
                   "\" is not a line a chunk may hold";
      ++i_;
      return false;
    }
    return true;
  }

  static bool take(std::string_view text, hunk& h) {
    if (text.empty())
      h.lines.push_back({mark::keep, text});
    else if (text[0] == ' ' || text[0] == '+' || text[0] == '-') {
      if (is_any_mark(text))
        return false;
      h.lines.push_back({static_cast<mark>(text[0]), text.substr(1)});
    } else
      return false;
    return true;
  }

  /// A context line that lost its blank, with signed ones after it.
  bool take_unsigned(hunk& h) {
    constexpr std::size_t look_ahead = 12;
    const auto text = from_.at(i_);
    if (is_any_mark(text) || text.starts_with("@@") || ends_patch(text))
      return false;
    for (auto j = i_ + 1; j < from_.size() && j < i_ + look_ahead; ++j) {
      const auto next = from_.at(j);
      if (is_any_mark(next) || next.starts_with("@@") || ends_patch(next))
        return false;
      if (next.starts_with('+') || next.starts_with('-')) {
        h.lines.push_back({mark::unknown, text});
        return true;
      }
    }
    return false;
  }

  source& from_;
  std::size_t i_;
};

} // namespace

std::size_t read_apply_patch(source& from, std::size_t i) {
  const auto text = from.at(i);
  const bool starts = is_mark(text, begin_mark) || is_mark(text, update_mark) ||
                      is_mark(text, add_mark) || is_mark(text, delete_mark);
  return starts ? patch_reader(from, i).read() : i;
}

} // namespace pj::patch
