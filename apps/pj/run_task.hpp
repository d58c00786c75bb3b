#pragma once
#include "adapters/environment.hpp"
#include "apps/pj/house.hpp"
#include "core/llm/models.hpp"
#include "core/spec/cache_limits.hpp"
#include "core/spec/environment.hpp"
#include "core/task/outcome.hpp"

#include <string>

namespace pj {

/// How `pj run` talks and where its files are.
struct run_options {
  user_folders folders;
  cache_limits cache;
  llm::model_table models;
  shared_text system_prompt; ///< text; empty: the built-in one
  bool json = false;         ///< the result object on stdout, nothing else
  bool quiet = false;        ///< no answer text; a diff only on a dry run
};

/// Where repositories are cached, for all tasks of this user.
std::filesystem::path mirrors_in(const user_folders& folders);

/// Whom to ask for the change.
llm::endpoint endpoint_of(const task_input& input);

/// And whom when that one does not answer; empty: nobody.
std::optional<llm::endpoint> fallback_of(const task_input& input);

/// Adds whom this task asks, unless they are there.
void add_providers(const task_input& input, std::vector<llm::endpoint>& to);

/// The engine for tasks like this one. `folder` is the journal's; scratch files
/// go there, too. The journal and the observer are left to the caller.
house_options engine_for(const task_input& input, const run_options& options,
                         const std::filesystem::path& folder);

/// The task as the journal may know it: without the receiver's address.
submit_task work_of(task_spec spec);

/// Carries one task from start to end in this process: engine, events, signals,
/// result. Gives the exit code.
int run_task(const task_input& input, const run_options& options);

/// Sends `task.failed` for a task that cannot even start, for at most a minute.
/// Does nothing when there is nowhere to send it.
void report_unusable(const event_target& target, const std::string& why);

} // namespace pj
