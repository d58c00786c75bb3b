#include "core/patch/target.hpp"

#include "core/patch/paths.hpp"
#include "core/patch/place.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace pj::patch {

namespace {

/// Files of the same name that are looked into.
constexpr std::size_t max_namesakes = 20;

target unsafe(const std::string& path, const std::string& why) {
  return {printable(path), edit_state::unsafe, "the path " + why};
}

target fine(std::string path, std::string note = {}) {
  return {std::move(path), edit_state::placed, std::move(note)};
}

target missing(const std::string& path) {
  return {path, edit_state::missing, "there is no such file"};
}

bool may_create(const file_edit& edit) {
  return edit.what == action::create || edit.what == action::replace ||
         edit.from_nothing ||
         (edit.from == format::search_replace && edit.hunks.size() == 1 &&
          old_side(edit.hunks.front()).empty());
}

/// Every hunk has lines that a namesake must hold.
bool says_old_text(const file_edit& edit) {
  auto says = [](const hunk& h) {
    const auto old = old_side(h);
    return !std::all_of(old.begin(), old.end(), is_blank);
  };
  return !edit.hunks.empty() &&
         std::all_of(edit.hunks.begin(), edit.hunks.end(), says);
}

bool fits_whole(const file_edit& edit, document& in, effort& budget) {
  const auto placed = place_hunks(edit.hunks, edit.from, in, budget);
  return !placed.changes.empty() &&
         std::all_of(placed.reports.begin(), placed.reports.end(), [](auto& r) {
           return r.state == edit_state::placed ||
                  r.state == edit_state::skipped;
         });
}

/// The only file of that name in which every hunk has its place.
target find_namesake(const file_edit& edit, const std::string& path,
                     view& files, effort& budget) {
  const auto all = files.named(base_name(path), max_namesakes);
  std::vector<std::string> fitting;
  for (const auto& other : all) {
    std::string why;
    auto* text = files.open(other, why);
    if (text && fits_whole(edit, *text, budget))
      fitting.push_back(other);
  }
  if (fitting.size() == 1)
    return fine(fitting.front(), path + " is not there; " + fitting.front() +
                                   " is, and the change fits it");
  auto out = missing(path);
  for (std::size_t i = 0; i < all.size() && i < 3; ++i)
    out.note += (i == 0 ? "; did you mean " : " or ") + all[i];
  return out;
}

target blocked_or(target t, const view& files) {
  if (const auto why = blocked_path(t.path, files.tree()); !why.empty())
    return unsafe(t.path, why);
  return t;
}

} // namespace

target check_new_path(const std::string& raw, const view& files) {
  const auto path = tidy_path(raw);
  if (const auto why = unsafe_path(path); !why.empty())
    return unsafe(path, why);
  if (files.collides(path))
    return unsafe(path, "is needed as a folder, or lies below a file");
  if (!files.exists(path))
    if (const auto twin = files.twin_of(path); !twin.empty())
      return unsafe(path, "differs from " + twin +
                            " only by case or Unicode form; use that one");
  return blocked_or(fine(path), files);
}

target find_target(const file_edit& edit, view& files, effort& budget) {
  std::vector<std::string> paths;
  for (const auto& raw : edit.paths) {
    paths.push_back(tidy_path(raw));
    if (const auto why = unsafe_path(paths.back()); !why.empty())
      return unsafe(paths.back(), why);
  }
  const auto& first = paths.front();
  if (edit.what == action::create)
    return check_new_path(first, files);
  for (const auto& path : paths)
    if (files.exists(path))
      return blocked_or(fine(path), files);
  if (may_create(edit))
    return check_new_path(first, files);
  if (auto checked = blocked_or(missing(first), files);
      checked.state == edit_state::unsafe)
    return checked;
  if (auto twin = files.twin_of(first); !twin.empty())
    return blocked_or(fine(twin, first + " is not there; " + twin + " is"),
                      files);
  if (edit.what == action::remove || !says_old_text(edit))
    return missing(first);
  return blocked_or(find_namesake(edit, first, files, budget), files);
}

} // namespace pj::patch
