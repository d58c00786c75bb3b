#pragma once
#include "core/patch/edit.hpp"
#include "core/patch/locate.hpp"
#include "core/patch/view.hpp"

namespace pj::patch {

/// Does one edit of the answer to the files, as far as it has places; one
/// report for each of its hunks, or one for the file.
std::vector<edit_report> apply_edit(const file_edit& edit, view& files,
                                    effort& budget, hunk_log& met);

} // namespace pj::patch
