#include "core/patch/planner.hpp"

#include "core/patch/paths.hpp"
#include "core/patch/place.hpp"

#include <algorithm>

namespace pj::patch {

namespace {

bool is_fine(edit_state s) {
  return s == edit_state::placed || s == edit_state::already_there ||
         s == edit_state::skipped;
}

class planner {
public:
  planner(const reading& from, view& files) : from_(from), files_(files) {}

  planned run() {
    for (const auto& edit : from_.edits)
      plan(edit);
    out_.change = files_.changes();
    out_.whole = std::all_of(out_.edits.begin(), out_.edits.end(),
                             [](auto& e) { return is_fine(e.state); });
    return std::move(out_);
  }

private:
  void report(std::string path, edit_state state, std::string note,
              int tier = -1) {
    edit_report r;
    r.path = std::move(path);
    r.state = state;
    r.note = std::move(note);
    r.tier = tier;
    out_.edits.push_back(std::move(r));
  }

  /// The file an edit is about; empty when it was refused and reported.
  std::string path_of(const file_edit& edit) {
    std::string first;
    for (const auto& raw : edit.paths) {
      const auto path = tidy_path(raw);
      if (const auto why = unsafe_path(path); !why.empty()) {
        report(path, edit_state::unsafe, "the path " + why);
        return {};
      }
      if (first.empty())
        first = path;
      if (files_.exists(path) && edit.what != action::create) {
        first = path;
        break;
      }
    }
    if (const auto why = blocked_path(first, files_.tree()); !why.empty()) {
      report(first, edit_state::unsafe, "the path " + why);
      return {};
    }
    return first;
  }

  void plan(const file_edit& edit) {
    const auto name =
      edit.paths.empty() ? std::string("?") : edit.paths.front();
    if (!edit.wrong.empty())
      return report(name, edit_state::unreadable, edit.wrong);
    const auto path = path_of(edit);
    if (path.empty())
      return;
    switch (edit.what) {
    case action::create:
    case action::replace:
      return write(edit, path);
    case action::remove:
      return remove(path);
    case action::modify:
      return modify(edit, path);
    }
  }

  void write(const file_edit& edit, const std::string& path) {
    std::string why;
    if (files_.exists(path)) {
      auto* old = files_.open(path, why);
      if (!old)
        return report(path, edit_state::unsafe, "the file " + why);
      if (old->text() == edit.content)
        return report(path, edit_state::already_there, "");
      if (edit.what == action::create && edit.from == format::udiff &&
          old->size() > 0)
        return report(path, edit_state::missing,
                      "the diff makes a new file, but it is there already");
    }
    files_.write(path, edit.content);
    if (edit.mode)
      files_.set_mode(path, *edit.mode);
    report(path, edit_state::placed, "", 0);
  }

  void remove(const std::string& path) {
    if (!files_.exists(path))
      return report(path, edit_state::missing, "there is no such file");
    files_.remove(path);
    report(path, edit_state::placed, "", 0);
  }

  void modify(const file_edit& edit, const std::string& path) {
    std::string why;
    if (creates_by_search(edit, path)) {
      std::string content;
      for (const auto text : new_side(edit.hunks.front()))
        content.append(text).append("\n");
      files_.write(path, std::move(content));
      return report(path, edit_state::placed, "new file", 0);
    }
    auto* text = files_.open(path, why);
    if (!text) {
      const auto state =
        files_.exists(path) ? edit_state::unsafe : edit_state::missing;
      return report(path, state, why);
    }
    edit_text(edit, path, *text);
    if (!edit.move_to.empty())
      move(edit, path);
    else if (edit.mode)
      files_.set_mode(path, *edit.mode);
  }

  bool creates_by_search(const file_edit& edit, const std::string& path) const {
    return edit.from == format::search_replace && !files_.exists(path) &&
           edit.hunks.size() == 1 && old_side(edit.hunks.front()).empty();
  }

  void edit_text(const file_edit& edit, const std::string& path,
                 document& text) {
    auto first = place_hunks(edit.hunks, edit.from, text, budget_);
    text.apply(first.changes);
    retry(edit, text, first);
    for (auto& r : first.reports) {
      r.path = path;
      out_.edits.push_back(std::move(r));
    }
  }

  /// Later hunks may build on what earlier ones wrote.
  void retry(const file_edit& edit, document& text, placing& first) {
    for (const auto i : first.open) {
      auto& report = first.reports[i];
      auto again = place_hunks({edit.hunks[i]}, edit.from, text, budget_);
      if (!again.changes.empty()) {
        text.apply(again.changes);
        report = again.reports.front();
      } else if (again.reports.front().state == edit_state::ambiguous) {
        report = again.reports.front();
      } else if (is_already_there(edit.hunks[i], text)) {
        report.state = edit_state::already_there;
      }
    }
  }

  void move(const file_edit& edit, const std::string& path) {
    const auto to = tidy_path(edit.move_to);
    auto why = unsafe_path(to);
    if (why.empty())
      why = blocked_path(to, files_.tree());
    if (!why.empty())
      return report(to, edit_state::unsafe, "the path " + why);
    files_.move(path, to);
    if (edit.hunks.empty())
      report(to, edit_state::placed, "moved", 0);
  }

  const reading& from_;
  view& files_;
  effort budget_;
  planned out_;
};

} // namespace

planned plan_edits(const reading& from, view& files) {
  return planner(from, files).run();
}

} // namespace pj::patch
