#include "core/batch/pull_room.hpp"

namespace pj::batch {

bool pull_room::is_free(const task_spec& task) const {
  return !most_ || task.skip_push || task.skip_pr || task.dry_run ||
         holders_.contains(task.id);
}

bool pull_room::take(const task_spec& task) {
  if (is_free(task))
    return true;
  if (holders_.size() >= *most_)
    return false;
  holders_.insert(task.id);
  return true;
}

void pull_room::ended(const task_outcome& outcome) {
  if (!may_have_pull(outcome))
    holders_.erase(outcome.task);
}

bool may_have_pull(const task_outcome& x) {
  if (!x.pr_url.empty())
    return true;
  if (x.end == task_end::succeeded)
    return false;
  // Refused for good, it was not made; all else may have lost the answer.
  const bool pushed = !x.commit.empty();
  return x.why.code == failure_code::internal ||
         (pushed && x.why.kind != failure_class::fail);
}

} // namespace pj::batch
