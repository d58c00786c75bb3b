#include "core/patch/diff_header.hpp"
#include "core/patch/hunk_head.hpp"
#include "core/patch/readers.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace pj::patch {

namespace {

/// Tags that answers wrap a patch in.
bool closes_wrapping(std::string_view text) {
  for (const std::string_view tag :
       {"</patch>", "</diff>", "</answer>", "</solution>"})
    if (text.starts_with(tag))
      return true;
  return false;
}

/// A line that no hunk can hold, whatever the counts say. A context line of a
/// document with fences in it has its blank before them.
bool ends_hunk(const source& from, std::size_t i) {
  const auto text = from.at(i);
  return text.starts_with("@@") ||
         (!text.starts_with(' ') && fence_on(text).length > 0) ||
         is_diff_header(from, i) || text.starts_with("*** End Patch") ||
         closes_wrapping(text);
}

bool is_marked(std::string_view text) {
  return !text.empty() && (text[0] == '+' || text[0] == '-' || text[0] == ' ');
}

/// `- like this`, as in a list below a diff.
bool is_list_item(std::string_view text) {
  return text.size() > 2 && (text[0] == '-' || text[0] == '+') &&
         text[1] == ' ' && text[2] != ' ';
}

/// How far prose or lost signs are looked past, in lines.
constexpr std::size_t look_ahead = 12;

class hunk_reader {
public:
  hunk_reader(source& from, std::size_t i, bool creates = false)
    : from_(from), i_(i), creates_(creates) {
    head_ = read_hunk_head(from.at(i));
    out_.answer_line = static_cast<std::uint32_t>(i + 1);
    if (head_.counted)
      out_.hint = head_.before.first;
    if (!head_.text.empty())
      out_.anchors.push_back(head_.text);
  }

  hunk read() {
    for (++i_; i_ < from_.size() && !is_over(); ++i_)
      if (!take(from_.at(i_)))
        break;
    drop_trailing_blanks();
    out_.cut = i_ >= from_.size() && ends_early();
    return std::move(out_);
  }

  std::size_t next() const noexcept { return i_; }

  /// The header says that nothing was there before.
  bool is_from_nothing() const {
    return head_.counted && head_.before.count == 0 && old_seen_ == 0;
  }

private:
  bool is_over() const {
    return ends_hunk(from_, i_) || is_marked_wrapping() || is_signature() ||
           is_prose_list();
  }

  /// The answer's last line closes its wrapping, but was given a `+`.
  bool is_marked_wrapping() const {
    const auto text = from_.at(i_);
    const bool wraps = (text == "+```" && from_.open.sign == '`') ||
                       (text == "+</patch>" && from_.in_patch_tag);
    if (!wraps)
      return false;
    auto j = i_ + 1;
    while (j < from_.size() && is_blank(from_.at(j)))
      ++j;
    return j >= from_.size();
  }

  /// `-- ` and git's version, below the last hunk of a mailed patch.
  bool is_signature() const {
    if (from_.at(i_) != "-- ")
      return false;
    const auto next = from_.at(i_ + 1);
    if (next.empty())
      return !(head_.counted && old_seen_ < head_.before.count);
    return next[0] >= '0' && next[0] <= '9';
  }

  /// Without a fence only the counts tell a list below the diff from it.
  bool is_prose_list() const {
    return from_.open.length == 0 && head_.counted && !wants_more() &&
           loose_blanks_ > 0 && is_list_item(from_.at(i_));
  }

  bool take(std::string_view text) {
    if (text.starts_with("\\ ")) {
      take_no_newline();
    } else if (text.empty()) {
      add(mark::keep, text);
      ++loose_blanks_;
      return true;
    } else if (is_marked(text)) {
      add(static_cast<mark>(text[0]), text.substr(1));
    } else if (may_have_lost_its_sign() && has_marked_line_ahead()) {
      add(mark::unknown, text);
    } else {
      return false;
    }
    loose_blanks_ = 0;
    return true;
  }

  void add(mark what, std::string_view text) {
    out_.lines.push_back({what, text});
    old_seen_ += what != mark::add;
    new_seen_ += what != mark::remove;
  }

  /// `\ No newline at end of file` speaks of the line before it.
  void take_no_newline() {
    if (out_.lines.empty())
      return;
    const auto what = out_.lines.back().what;
    if (what == mark::remove)
      out_.last = final_newline::present;
    else
      out_.last = final_newline::absent;
  }

  bool wants_more() const {
    return !head_.counted || old_seen_ < head_.before.count ||
           new_seen_ < head_.after.count;
  }

  /// A fence holds nothing but the diff; outside, prose may follow.
  bool may_have_lost_its_sign() const {
    if (creates_ && loose_blanks_ > 0)
      return false;
    return wants_more() || from_.open.length > 0;
  }

  /// Looks a few lines on: is this still the hunk, or prose after it?
  bool has_marked_line_ahead() const {
    for (auto j = i_ + 1; j < from_.size() && j < i_ + look_ahead; ++j) {
      if (ends_hunk(from_, j))
        return false;
      if (is_marked(from_.at(j)))
        return true;
    }
    return false;
  }

  /// Fewer lines than the header promised, or no context at the end.
  bool ends_early() const {
    if (out_.lines.empty())
      return true;
    if (head_.counted && old_seen_ < head_.before.count)
      return true;
    if (head_.counted && new_seen_ >= head_.after.count)
      return false;
    return out_.lines.back().what == mark::add ||
           out_.lines.back().what == mark::remove;
  }

  /// Empty lines between a hunk and what follows it are rarely its context.
  void drop_trailing_blanks() {
    const bool exact = head_.counted && old_seen_ == head_.before.count &&
                       new_seen_ == head_.after.count;
    for (; !exact && loose_blanks_ > 0; --loose_blanks_)
      out_.lines.pop_back();
  }

  source& from_;
  std::size_t i_;
  bool creates_; ///< the file is new: context makes no sense
  hunk_head head_;
  hunk out_;
  std::uint32_t old_seen_ = 0;
  std::uint32_t new_seen_ = 0;
  std::uint32_t loose_blanks_ = 0;
};

/// The content of a new file; every line must be an added one.
void fill_created(file_edit& edit) {
  auto last = final_newline::present;
  for (const auto& h : edit.hunks) {
    for (const auto& l : h.lines) {
      if (l.what != mark::add && !is_blank(l.text) && l.what != mark::unknown)
        edit.wrong = "a new file has lines that are not added ones";
      edit.content += l.text;
      edit.content += '\n';
    }
    last = h.last;
  }
  if (last == final_newline::absent && !edit.content.empty())
    edit.content.pop_back();
  edit.hunks.clear();
}

bool has_prefixes(const diff_header& h) {
  auto side = [](const std::string& path, char c) {
    return path == no_file ||
           (path.size() > 2 && path[0] == c && path[1] == '/');
  };
  return side(h.old_path, 'a') && side(h.new_path, 'b');
}

file_edit edit_for(const diff_header& h) {
  file_edit out;
  out.from = format::udiff;
  out.paths = paths_of(h, has_prefixes(h));
  out.mode = h.mode;
  out.move_to = h.rename_to;
  if (h.binary)
    out.wrong = "a binary patch cannot be applied";
  if (h.creates)
    out.what = action::create;
  else if (h.removes)
    out.what = action::remove;
  if (out.paths.empty())
    out.wrong = "the diff names no file";
  return out;
}

bool starts_body(std::string_view text) {
  return is_marked(text) || text.starts_with("@@");
}

/// Hunks without any `@@` line: everything up to the next header is one.
hunk read_bare_hunk(source& from, std::size_t& i) {
  from.lines[i - 1].text = "@@";
  hunk_reader reader(from, i - 1);
  auto out = reader.read();
  i = reader.next();
  return out;
}

bool changes_anything(const hunk& h) {
  return std::any_of(h.lines.begin(), h.lines.end(), [](auto& l) {
    return l.what == mark::add || l.what == mark::remove;
  });
}

void read_hunks(source& from, std::size_t& i, file_edit& edit) {
  if (i < from.size() && starts_body(from.at(i)) &&
      !from.at(i).starts_with("@@") && !is_diff_header(from, i))
    edit.hunks.push_back(read_bare_hunk(from, i));
  while (i < from.size() && from.at(i).starts_with("@@")) {
    hunk_reader reader(from, i, edit.what == action::create);
    edit.hunks.push_back(reader.read());
    edit.from_nothing = edit.hunks.size() == 1 && reader.is_from_nothing();
    i = reader.next();
  }
  if (!edit.hunks.empty())
    edit.cut = edit.hunks.back().cut;
}

file_edit place_in(const source& from, std::size_t i, file_edit edit) {
  edit.section = from.section;
  edit.answer_line = static_cast<std::uint32_t>(i + 1);
  return edit;
}

/// Hunks that go on below prose or in another fence mean the same file.
std::size_t read_more_hunks(source& from, std::size_t i) {
  if (!from.at(i).starts_with("@@") || from.edits.empty() ||
      from.edits.back().from != format::udiff ||
      from.edits.back().what != action::modify ||
      !read_hunk_head(from.at(i)).counted)
    return i;
  file_edit edit;
  edit.from = format::udiff;
  edit.paths = from.edits.back().paths;
  edit = place_in(from, i, std::move(edit));
  auto next = i;
  read_hunks(from, next, edit);
  if (!changes_anything(edit.hunks.front()))
    return i;
  from.edits.push_back(std::move(edit));
  return next;
}

} // namespace

std::size_t read_udiff(source& from, std::size_t i) {
  if (!is_diff_header(from, i))
    return read_more_hunks(from, i);
  const auto first = i;
  const auto header = read_diff_header(from, i);
  auto edit = place_in(from, first, edit_for(header));
  read_hunks(from, i, edit);
  if (edit.what == action::create)
    fill_created(edit);
  from.edits.push_back(std::move(edit));
  return i;
}

std::size_t read_bare_udiff(source& from, std::size_t i, std::string path) {
  file_edit edit;
  edit.from = format::udiff;
  edit.paths.push_back(std::move(path));
  edit = place_in(from, i, std::move(edit));
  auto next = i;
  read_hunks(from, next, edit);
  if (edit.hunks.empty() || !changes_anything(edit.hunks.front()))
    return i;
  from.edits.push_back(std::move(edit));
  return next;
}

} // namespace pj::patch
