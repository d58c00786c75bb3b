#include "core/patch/refuse.hpp"

namespace pj::patch {

void explain(edit_report& report, const hunk&, const document&, effort&) {
  if (report.note.empty())
    report.note = "the old text is not in the file";
}

refusal refused(std::vector<edit_report> edits, change_set staged) {
  refusal no;
  no.reason = "the patch cannot be placed";
  no.edits = std::move(edits);
  no.staged = std::move(staged);
  return no;
}

} // namespace pj::patch
