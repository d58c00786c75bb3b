#include "core/patch/diff_header.hpp"
#include "core/patch/readers.hpp"
#include "core/text.hpp"

#include <charconv>

namespace pj::patch {

namespace {

struct range {
  std::uint32_t first = 0;
  std::uint32_t count = 1;
};

/// What `@@ -a,b +c,d @@ text` says; every number is only a hint.
struct hunk_head {
  range before;
  range after;
  bool counted = false;
  std::string_view text;
};

bool take_number(std::string_view& text, std::uint32_t& out) {
  const auto* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, out);
  if (error != std::errc{})
    return false;
  text.remove_prefix(static_cast<std::size_t>(at - text.data()));
  return true;
}

bool take_range(std::string_view& text, char sign, range& out) {
  text = trimmed(text);
  if (text.empty() || text[0] != sign)
    return false;
  text.remove_prefix(1);
  if (!take_number(text, out.first))
    return false;
  if (!text.starts_with(','))
    return true;
  text.remove_prefix(1);
  return take_number(text, out.count);
}

hunk_head read_head(std::string_view text) {
  hunk_head h;
  text.remove_prefix(2);
  auto rest = text;
  h.counted = take_range(rest, '-', h.before) && take_range(rest, '+', h.after);
  if (!h.counted)
    rest = text;
  const auto end = rest.find("@@");
  h.text =
    trimmed(end == rest.npos ? (h.counted ? "" : rest) : rest.substr(end + 2));
  if (h.text == "...")
    h.text = {};
  return h;
}

/// The answer's last line closes its wrapping, but was given a `+`.
bool is_marked_wrapping(const source& from, std::size_t i) {
  const auto text = from.at(i);
  if (text != "+</patch>" && text != "+```")
    return false;
  while (++i < from.size())
    if (!is_blank(from.at(i)))
      return false;
  return true;
}

/// A line that no hunk can hold, whatever the counts say.
bool ends_hunk(const source& from, std::size_t i) {
  const auto text = from.at(i);
  if (is_marked_wrapping(from, i))
    return true;
  return text.starts_with("@@") || fence_on(text).length > 0 ||
         is_diff_header(from, i) || text.starts_with("*** End Patch") ||
         text.starts_with("</") || text == "-- ";
}

bool is_marked(std::string_view text) {
  return !text.empty() && (text[0] == '+' || text[0] == '-' || text[0] == ' ');
}

class hunk_reader {
public:
  hunk_reader(source& from, std::size_t i) : from_(from), i_(i) {
    head_ = read_head(from.at(i));
    out_.answer_line = static_cast<std::uint32_t>(i + 1);
    if (head_.counted)
      out_.hint = head_.before.first;
    if (!head_.text.empty())
      out_.anchors.push_back(head_.text);
  }

  hunk read() {
    for (++i_; i_ < from_.size() && !ends_hunk(from_, i_); ++i_)
      if (!take(from_.at(i_)))
        break;
    drop_trailing_blanks();
    out_.cut = i_ >= from_.size() && ends_early();
    return std::move(out_);
  }

  std::size_t next() const noexcept { return i_; }

private:
  bool take(std::string_view text) {
    if (text.starts_with("\\ ")) {
      take_no_newline();
    } else if (text.empty()) {
      add(mark::keep, text);
      ++loose_blanks_;
      return true;
    } else if (is_marked(text)) {
      add(static_cast<mark>(text[0]), text.substr(1));
    } else if (wants_more() && has_marked_line_ahead()) {
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

  /// Looks a few lines on: is this still the hunk, or prose after it?
  bool has_marked_line_ahead() const {
    for (auto j = i_ + 1; j < from_.size() && j < i_ + 12; ++j) {
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

} // namespace

std::size_t read_udiff(source& from, std::size_t i) {
  if (!is_diff_header(from, i))
    return i;
  const auto first = i;
  const auto header = read_diff_header(from, i);
  auto edit = edit_for(header);
  edit.section = from.section;
  edit.answer_line = static_cast<std::uint32_t>(first + 1);
  if (i < from.size() && starts_body(from.at(i)) &&
      !from.at(i).starts_with("@@") && !is_diff_header(from, i))
    edit.hunks.push_back(read_bare_hunk(from, i));
  while (i < from.size() && from.at(i).starts_with("@@")) {
    hunk_reader reader(from, i);
    edit.hunks.push_back(reader.read());
    i = reader.next();
  }
  if (!edit.hunks.empty())
    edit.cut = edit.hunks.back().cut;
  if (edit.what == action::create)
    fill_created(edit);
  from.edits.push_back(std::move(edit));
  return i;
}

} // namespace pj::patch
