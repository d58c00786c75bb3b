#pragma once
#include "core/patch/edit.hpp"
#include "core/patch/locate.hpp"
#include "core/patch/view.hpp"

namespace pj::patch {

/// The file an edit is about.
struct target {
  std::string path;
  edit_state state = edit_state::placed; ///< else why it may not be touched
  std::string note;                      ///< the reason, or what was repaired
};

/// Checks the paths of an edit and finds the file they mean: as written, by
/// another case or Unicode form, or the only file of that name whose content
/// fits.
target find_target(const file_edit& edit, view& files, effort& budget);

/// Checks a path that will be written anew.
target check_new_path(const std::string& raw, const view& files);

} // namespace pj::patch
