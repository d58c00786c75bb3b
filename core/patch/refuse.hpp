#pragma once
#include "core/patch/edit.hpp"
#include "core/patch/view.hpp"

namespace pj::patch {

/// Everything needed is placed, there already or without effect.
bool is_fine(const edit_report& r) noexcept;

/// Writes into a report why its hunk has no place: a note, and the most
/// similar lines of the file.
void explain(edit_report& report, const hunk& h, const document& in);

/// Another file that holds the hunk's old lines, among those with the same
/// ending; empty when none of the few looked into does.
std::string found_elsewhere(const hunk& h, const std::string& path,
                            view& files);

/// Plain lines about what was repaired to place the edits.
std::vector<std::string> notes_on(const std::vector<edit_report>& edits);

/// The refusal of a whole answer: one line for a person, and what to send back
/// to the model, at most `max_feedback` bytes.
refusal refused(std::vector<edit_report> edits, change_set staged);
inline constexpr std::size_t max_feedback = 12'000;

} // namespace pj::patch
