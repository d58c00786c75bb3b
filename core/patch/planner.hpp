#pragma once
#include "core/patch/edit.hpp"

namespace pj::patch {

/// What became of all edits, in order, and the files as they are after the
/// ones that found a place.
struct planned {
  std::vector<edit_report> edits;
  change_set change;
  bool exhausted = false; ///< comparing cost more than one answer may
  bool whole = true;      ///< every edit is placed, there already or skipped
};

/// `staged` may be null.
planned plan_edits(const reading& from, const source_tree& tree,
                   const change_set* staged);

} // namespace pj::patch
