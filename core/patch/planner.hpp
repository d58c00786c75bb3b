#pragma once
#include "core/patch/edit.hpp"
#include "core/patch/locate.hpp"
#include "core/patch/view.hpp"

namespace pj::patch {

/// What became of all edits, in order, and the files as they are after the
/// ones that found a place.
struct planned {
  std::vector<edit_report> edits;
  std::vector<std::string> notes;
  change_set change;
  bool whole = true; ///< every edit is placed, there already or skipped
};

planned plan_edits(const reading& from, view& files);

} // namespace pj::patch
