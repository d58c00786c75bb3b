#pragma once
#include "adapters/github/repository_lister.hpp"
#include "core/batch/task_list.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace pj::batch {

/// A batch with all its files read.
struct loaded_batch {
  spec what;
  task_list list;
  std::vector<left_out> left;   ///< repositories that are not taken
  std::size_t repositories = 0; ///< different ones among the tasks
};

/// Reads a spec (YAML; a file of tasks when its name ends with ".jsonl"; "-":
/// standard input) and the files it names, which are sought beside it, and
/// lists what is to be listed. Everything that is wrong goes to `problems`; the
/// batch is usable when nothing was added. `in_force` has the settings of the
/// environment and the configuration files.
loaded_batch load_batch(const std::filesystem::path& path,
                        const settings& in_force,
                        const llm::model_table& models,
                        repository_lister& lister, problem_log& problems);

} // namespace pj::batch
