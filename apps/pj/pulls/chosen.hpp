#pragma once
#include "apps/pj/batch/journal.hpp"
#include "apps/pj/task_options.hpp"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace pj {

/// The exit code after Ctrl-C.
inline constexpr int interrupted_code = 130;

/// What every verb about pull requests is told.
struct pull_flags {
  std::string batch;
  std::vector<std::string> tasks; ///< empty: all
  task_options settings;          ///< the configuration file
};

/// NAME, `--task` and `--config`. `into` must live until the command line is
/// parsed.
void add_pull_flags(CLI::App& verb, pull_flags& into);

/// Tasks of a batch that have a pull request, and what it takes to ask GitHub
/// about them.
struct chosen_pulls {
  std::vector<batch::accepted_task> tasks;
  std::size_t without = 0; ///< chosen tasks that have none
  task_secrets secrets;
  std::string api; ///< without trailing '/'
};

/// Reads the batch's journal, also while an engine is at work on it. Failures
/// have code `configuration` when the use is wrong.
result<chosen_pulls> choose_pulls(const pull_flags& flags,
                                  const settings& environment);

/// "acme/shop#12".
std::string shown_pull(const batch::accepted_task& task);

} // namespace pj
