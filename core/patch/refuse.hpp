#pragma once
#include "core/patch/document.hpp"
#include "core/patch/edit.hpp"
#include "core/patch/locate.hpp"

namespace pj::patch {

/// Writes into a report why its hunk has no place: a note, and the most
/// similar lines of the file.
void explain(edit_report& report, const hunk& h, const document& in,
             effort& budget);

/// The refusal of a whole answer, for a person in one line and for a model.
refusal refused(std::vector<edit_report> edits, change_set staged);

} // namespace pj::patch
