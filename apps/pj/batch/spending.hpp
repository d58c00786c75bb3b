#pragma once
#include "actors/purse.hpp"
#include "apps/pj/batch/journal.hpp"

#include <vector>

namespace pj::batch {

/// By the outcomes of these tasks.
spent spent_by(const std::vector<accepted_task>& tasks);

/// The batch's limits with what is left of them: ended tasks have spent the
/// rest. Fails (code `budget`) when one is used up.
result<std::vector<spending_limit>> spending_left(const accepted& all);

} // namespace pj::batch
