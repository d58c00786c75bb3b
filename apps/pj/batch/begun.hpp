#pragma once
#include "apps/pj/batch/run_batch.hpp"
#include "apps/pj/task_options.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace pj::batch {

/// What every verb about batches is told.
struct batch_flags {
  task_options settings; ///< of it, `--config` and flags that replace variables
  std::string format = "text";
};

/// The settings in force, folders, models and files they name. Failures have
/// code `configuration`, a line per problem.
result<run_how> prepare(const batch_flags& flags, const settings& environment);

/// A batch that was begun, its journal open for writing. Fails when there is
/// none of that name, listing those there are, or when an engine is at work on
/// it.
result<std::pair<journal_ptr, accepted>>
open_begun(const std::filesystem::path& state, const std::string& name);

struct looked_at {
  accepted all;
  std::filesystem::path folder; ///< of the journal
};

/// The same, only to look at.
result<looked_at> look_at_begun(const settings& environment,
                                const std::string& name);

/// Of the tasks that are named (all, when none is) those that fit. Fails when a
/// name is none of the batch's.
result<std::vector<accepted_task>>
choose(const accepted& all, const std::vector<std::string>& names,
       const std::function<bool(const accepted_task&)>& fits);

/// Writes each line of the failure as an error. Gives 2, or 1 when it is not
/// the configuration that is wrong.
int complain(const failure& why);

} // namespace pj::batch
