#pragma once
#include "apps/pj/batch/journal.hpp"
#include "apps/pj/run_task.hpp"

#include <stop_token>
#include <string>
#include <vector>

namespace pj::batch {

/// How a batch is carried on in this process.
struct run_how {
  run_options options;
  settings known; ///< the environment: keys, the receiver
  summary_form form = summary_form::text;
};

/// Carries the given tasks of an accepted batch on until all have ended, a
/// limit is reached or a person stops it; then prints how the batch stands.
/// Gives the exit code: 0 all good, 1 some failed, 2 the environment is
/// unusable, 5 the budget was reached, 75 interrupted and resumable.
int run_batch(const journal_ptr& journal, const accepted& all,
              const std::vector<accepted_task>& todo, const run_how& how);

/// Waits until every event is delivered or given up, for a minute at most and
/// no longer than until it is told to stop. False: some stay in the outbox.
bool wait_for_events(house& engine, const std::stop_token& stop);

} // namespace pj::batch
