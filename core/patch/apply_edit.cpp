#include "core/patch/apply_edit.hpp"

#include "core/patch/elide.hpp"
#include "core/patch/place.hpp"
#include "core/patch/refuse.hpp"
#include "core/patch/target.hpp"
#include "core/patch/whole_file.hpp"

#include <algorithm>
#include <array>

namespace pj::patch {

namespace {

/// Files that have entities by their nature.
bool is_markup(std::string_view path) {
  constexpr std::array<std::string_view, 16> endings = {
    ".html",   ".htm", ".xhtml", ".xml", ".svg", ".jsx",  ".tsx",   ".vue",
    ".svelte", ".php", ".erb",   ".md",  ".rst", ".xaml", ".plist", ".resx"};
  return std::any_of(endings.begin(), endings.end(),
                     [path](auto end) { return path.ends_with(end); });
}

std::size_t solid_lines(const document& in) {
  return static_cast<std::size_t>(
    std::count_if(in.lines().begin(), in.lines().end(),
                  [](const line& l) { return !is_blank(l.text); }));
}

std::vector<std::string_view> added_lines(const std::vector<hunk>& hunks) {
  std::vector<std::string_view> out;
  for (const auto& h : hunks)
    for (const auto& l : h.lines)
      if (l.what == mark::add)
        out.push_back(l.text);
  return out;
}

class one_edit {
public:
  one_edit(const file_edit& edit, view& files, effort& budget, hunk_log& met)
    : edit_(edit), files_(files), budget_(budget), met_(met) {}

  std::vector<edit_report> run() {
    if (!edit_.wrong.empty() || edit_.paths.empty()) {
      path_ = edit_.paths.empty() ? "?" : edit_.paths.front();
      report(edit_state::unreadable, edit_.wrong);
      return std::move(out_);
    }
    const auto where = find_target(edit_, files_, budget_);
    path_ = where.path;
    if (where.state != edit_state::placed) {
      report(where.state, where.note);
      return std::move(out_);
    }
    act();
    if (!where.note.empty())
      for (auto& r : out_)
        r.note = r.note.empty() ? where.note : where.note + "; " + r.note;
    return std::move(out_);
  }

private:
  edit_report& report(edit_state state, std::string note) {
    edit_report r;
    r.path = path_;
    r.state = state;
    r.note = std::move(note);
    if (state == edit_state::placed)
      r.tier = 0;
    out_.push_back(std::move(r));
    return out_.back();
  }

  void act() {
    if (edit_.mode && *edit_.mode != file_mode::regular &&
        *edit_.mode != file_mode::executable)
      return void(report(edit_state::unsafe,
                         "the edit would make a link or a submodule"));
    switch (edit_.what) {
    case action::create:
    case action::replace:
      return write();
    case action::remove:
      return remove();
    case action::modify:
      return modify();
    }
  }

  void write() {
    if (edit_.edited && files_.exists(path_))
      return void(report(edit_state::skipped, "shown beside the edits"));
    if (!files_.exists(path_)) {
      files_.write(path_, edit_.content);
      if (edit_.mode)
        files_.set_mode(path_, *edit_.mode);
      report(edit_state::placed, "new file");
      return;
    }
    std::string why;
    const auto* old = files_.open(path_, why);
    if (!old)
      return void(report(edit_state::unsafe, why));
    if (old->text() == edit_.content)
      return void(report(edit_state::already_there, {}));
    if (edit_.what == action::create && edit_.from == format::udiff &&
        old->size() > 0)
      return void(report(edit_state::missing,
                         "the diff makes a new file, but the file is there"
                         " already; send a diff against it"));
    if (edit_.beside && only_shows(edit_, *old))
      return void(report(edit_state::skipped, "shown beside the edits"));
    if (const auto wrong = wrong_replacement(edit_, *old); !wrong.empty())
      return void(report(edit_state::unreadable, wrong));
    files_.write(path_, written_like(edit_.content, *old));
    report(edit_state::placed, "the whole file is replaced");
  }

  void remove() {
    if (!files_.exists(path_))
      return void(report(edit_state::missing, "there is no such file"));
    if (!edit_.hunks.empty() && !removes_its_text())
      return void(
        report(edit_state::missing, "the text to delete is not the file's"));
    files_.remove(path_);
    report(edit_state::placed, "the file is deleted");
  }

  /// The diff of a deletion speaks of the file as it is, all of it.
  bool removes_its_text() {
    std::string why;
    auto* text = files_.open(path_, why);
    std::size_t said = 0;
    for (const auto& h : edit_.hunks)
      for (const auto line : old_side(h))
        said += !is_blank(line);
    return text && said >= solid_lines(*text) &&
           place_hunks(edit_.hunks, edit_.from, *text, budget_).open.empty();
  }

  void modify() {
    if (!files_.exists(path_))
      return create_by_search();
    if (!edit_.hunks.empty() && !edit_hunks())
      return;
    const bool all = std::all_of(out_.begin(), out_.end(), is_fine);
    if (all && !edit_.move_to.empty())
      move();
    else if (all && edit_.mode)
      change_mode();
    else if (out_.empty())
      report(edit_state::unreadable, "the edit holds no change");
  }

  void create_by_search() {
    std::string content;
    for (const auto text : new_side(edit_.hunks.front()))
      content.append(text).append("\n");
    files_.write(path_, std::move(content));
    report(edit_state::placed, "new file");
  }

  bool edit_hunks() {
    std::string why;
    auto* text = files_.open(path_, why);
    if (!text) {
      report(edit_state::unsafe, why);
      return false;
    }
    if (const auto wrong = wrong_addition(*text); !wrong.empty()) {
      report(edit_state::unreadable, wrong);
      return false;
    }
    if (edit_.from == format::search_replace && edit_.hunks.size() > 1)
      edit_variants(*text);
    else
      edit_all(without_repeated(), *text);
    return true;
  }

  /// The hunks that this part of the answer does not have twice.
  std::vector<hunk> without_repeated() {
    std::vector<hunk> out;
    for (const auto& h : edit_.hunks)
      if (met_.add(path_, h))
        out.push_back(h);
      else
        report(edit_state::already_there, "the answer has it twice");
    return out;
  }

  /// What the lines to add show to be no code; empty: nothing.
  std::string wrong_addition(const document& old) const {
    const auto fresh = added_lines(edit_.hunks);
    if (leaves_lines_out(fresh, old))
      return "the new text leaves lines out; send all lines it stands for";
    if (!is_markup(path_) && brings_entities(fresh, old))
      return "the new text has &amp; or the like where code has the characters"
             " themselves; send it unescaped";
    return {};
  }

  /// Only the lines to add have entities: neither the old lines (else both
  /// halves are escaped) nor the file.
  bool brings_entities(const std::vector<std::string_view>& fresh,
                       const document& old) const {
    if (std::none_of(fresh.begin(), fresh.end(), has_bare_entity))
      return false;
    const auto said = [](const hunk& h) {
      const auto lines = old_side(h);
      return std::any_of(lines.begin(), lines.end(), has_bare_entity);
    };
    return std::none_of(edit_.hunks.begin(), edit_.hunks.end(), said) &&
           std::none_of(old.lines().begin(), old.lines().end(),
                        [](const line& l) { return has_bare_entity(l.text); });
  }

  void edit_all(const std::vector<hunk>& hunks, document& text) {
    auto placed = place_hunks(hunks, edit_.from, text, budget_);
    budget_.spend(std::uint64_t{text.size()} * 2);
    text.apply(placed.changes);
    for (const auto i : placed.open)
      place_late(hunks[i], edit_.from, hunks.size() > 1, text, budget_,
                 placed.reports[i]);
    for (std::size_t i = 0; i < hunks.size(); ++i)
      add(std::move(placed.reports[i]), hunks[i], text);
  }

  void add(edit_report r, const hunk& h, const document& text) {
    r.path = path_;
    if (budget_.left == 0 && !is_fine(r) && r.note.empty())
      r.note = "not looked for: the answer has too many edits on files that"
               " large; send fewer at a time";
    if (!is_fine(r) && may_explain(text)) {
      explain(r, h, text);
      if (r.state == edit_state::missing)
        if (const auto other = found_elsewhere(h, path_, files_);
            !other.empty())
          r.note += "; it is in " + other;
    }
    if (!is_fine(r) && r.note.empty())
      r.note = "the old text is not in the file";
    out_.push_back(std::move(r));
  }

  bool may_explain(const document& text) {
    if (budget_.explanations == 0 ||
        !budget_.spend(std::uint64_t{text.size()} * 8))
      return false;
    --budget_.explanations;
    return true;
  }

  /// A block with several `=======` lines can be read in several ways: the
  /// only one whose old text is found is meant.
  void edit_variants(document& text) {
    std::vector<std::size_t> fitting;
    for (std::size_t i = 0; i < edit_.hunks.size(); ++i)
      if (place_hunks({edit_.hunks[i]}, edit_.from, text, budget_).open.empty())
        fitting.push_back(i);
    if (fitting.size() == 1)
      return edit_all({edit_.hunks[fitting.front()]}, text);
    report(edit_state::unreadable,
           "the block can be read in " + std::to_string(edit_.hunks.size()) +
             " ways, and " + std::to_string(fitting.size()) +
             " of them fit; send smaller blocks");
  }

  void move() {
    auto to = check_new_path(edit_.move_to, files_);
    if (to.state != edit_state::placed) {
      path_ = to.path;
      return void(report(to.state, to.note));
    }
    const bool over = files_.exists(to.path);
    if (over && edit_.from == format::udiff && to.path != path_)
      return void(report(edit_state::unsafe,
                         "the file would be moved onto " + to.path +
                           ", which is there; delete that one first"));
    files_.move(path_, to.path);
    if (edit_.mode)
      files_.set_mode(to.path, *edit_.mode);
    const auto note =
      "moved to " + to.path + (over ? ", which was there and is replaced" : "");
    report(edit_state::placed, note);
  }

  void change_mode() {
    files_.set_mode(path_, *edit_.mode);
    if (out_.empty())
      report(edit_state::placed, "the mode is changed");
  }

  const file_edit& edit_;
  view& files_;
  effort& budget_;
  hunk_log& met_; ///< in this part of the answer
  std::string path_;
  std::vector<edit_report> out_;
};

} // namespace

std::vector<edit_report> apply_edit(const file_edit& edit, view& files,
                                    effort& budget, hunk_log& met) {
  return one_edit(edit, files, budget, met).run();
}

} // namespace pj::patch
