#pragma once
#include "actors/purse.hpp"
#include "apps/pj/batch/journal.hpp"

#include <vector>

namespace pj::batch {

/// By the outcomes of these tasks, and by the recorded answers of those that
/// were begun and have not ended. Fails when the journal cannot be read.
result<spent> spent_by(const journal_ptr& journal,
                       const std::vector<accepted_task>& tasks);

/// The batch's limits with what is left of them. Fails (code `budget`) when
/// one is used up and a task of `todo` will ask: planned ones have asked.
result<std::vector<spending_limit>>
spending_left(const journal_ptr& journal, const accepted& all,
              const std::vector<accepted_task>& todo);

} // namespace pj::batch
