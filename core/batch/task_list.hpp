#pragma once
#include "core/batch/spec.hpp"
#include "core/spec/environment.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pj::batch {

/// One task of a batch, ready to run.
struct task {
  task_spec spec;     ///< every rule of a single task holds
  std::string commit; ///< pinned: start here; empty: at the tip of the base
  int priority = 0;   ///< higher goes first
  place at;           ///< where its repository or line was read
};

/// What a batch comes to.
struct task_list {
  std::vector<task> tasks;           ///< in the order they were written
  std::vector<std::string> warnings; ///< one line each, each once
  std::vector<std::string> missing; ///< unset keys: "OPENAI_API_KEY is not set"
  std::map<provider_id, task_secrets> secrets; ///< of the providers in use
};

/// A repository that a filter or an earlier mention left out, and why.
struct left_out {
  std::string name; ///< owner/name, or the URL
  std::string why;
};

/// The tasks of a spec over its repositories, sources already resolved: listed
/// repositories go where their source stood. Ids are made of the batch's name
/// and the repository, so they are the same in every run. `environment` gives
/// what the spec does not say (keys, webhook, author …) as for a single task;
/// what it says of one task (`TARGET_REPO`, `TASK_ID` …) is ignored. Missing
/// keys are told in `missing`, all else that is wrong in `problems`.
task_list make_task_list(const spec& from,
                         const std::vector<repository>& repositories,
                         const settings& environment,
                         const llm::model_table& models, problem_log& problems);

/// More is to be split into several files.
constexpr std::size_t longest_task_file = 256u << 20;

/// The same for JSON Lines: one task per line, an object whose keys are the
/// task contract's names (`TARGET_REPO`, `AGENT_PROMPT`, …). What a line does
/// not say is taken from the spec, then from the environment. `TASK_ID` may be
/// left out. Keys, addresses of services and files are the environment's alone.
/// The values of a line are no templates.
task_list read_task_lines(const spec& from, std::string_view lines,
                          std::string_view file, const settings& environment,
                          const llm::model_table& models,
                          problem_log& problems);

/// The repositories that pass the spec's filter, each once; what did not pass
/// goes to `out`. A repository that one file names twice is a problem; one
/// that several sources name is taken where it comes first.
std::vector<repository> choose(const repository_filter& filter,
                               std::vector<repository> from,
                               std::vector<left_out>& out,
                               problem_log& problems);

/// Stable between runs and versions: batch, owner and name made fit for a task
/// id, and a digest of what the repository and the base are, whatever scheme
/// the URL has. At most 128 bytes.
std::string task_id_for(std::string_view batch, const repo_url& repo,
                        std::string_view base);

} // namespace pj::batch
