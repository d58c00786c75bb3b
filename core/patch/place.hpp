#pragma once
#include "core/patch/splices.hpp"

namespace pj::patch {

/// What placing the hunks of one edit on one document came to.
struct placing {
  std::vector<edit_report> reports; ///< one per hunk, in the answer's order
  std::vector<splice> changes;      ///< not yet applied; sorted, no clash
  std::vector<std::size_t> open;    ///< hunks that have no place (yet)
};

/// Finds the place of every hunk on the document as it is; applies nothing.
/// Hunks may end up in `open` because they clash with ones placed before.
placing place_hunks(const std::vector<hunk>& hunks, format from, document& in,
                    effort& budget);

/// One more try for a hunk that stayed open: on the document as it is now, then
/// as already there, then taken apart (T7, T8). Applies what it finds and
/// brings the report up to date.
///
/// `changed`: the document is not as it was when the hunk stayed open.
void place_late(const hunk& h, format from, bool changed, document& in,
                effort& budget, edit_report& report);

} // namespace pj::patch
