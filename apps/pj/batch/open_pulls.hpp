#pragma once
#include "apps/pj/batch/journal.hpp"
#include "core/batch/pull_room.hpp"
#include "core/github/pull_state.hpp"
#include "core/spec/environment.hpp"

namespace pj::batch {

/// Where the task's pull request is, by its number when the journal knows it.
github::pull_place place_of(const accepted_task& task);

/// The batch's room for pull requests: asks GitHub which of those that its
/// tasks made, or may have made, are open. Without a limit it asks nothing.
/// Ctrl-C ends the asking: class `cancelled`.
result<pull_room> look_for_room(const accepted& all, const task_input& input);

} // namespace pj::batch
