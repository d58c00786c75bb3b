#pragma once
#include "core/spec/environment.hpp"

#include <string>

namespace CLI {
class App;
}

namespace pj {

/// What the command line says about a task.
struct task_options {
  settings flags;          ///< by the contract's names, and `DRY_RUN`
  std::string prompt_file; ///< "-" is standard input
  std::string config_file;
};

/// Adds a flag for every variable of the contract that is no secret (secrets
/// would show in the list of processes) and every further setting,
/// `--prompt-file`, `--config` and
/// `--dry-run`. `into` must live until the command line is parsed.
void add_task_flags(CLI::App& verb, task_options& into);

/// Flags over environment over the `--config` file over the user's own file
/// (~/.config/pj/config.yaml). Reads the prompt file, and keeps the
/// secrets out of the log from then on. Failures have code
/// `configuration`.
result<settings> settings_in_force(const task_options& options,
                                   const settings& environment);

/// The user's own configuration file; empty when no home folder is known.
std::string user_config_file(const settings& environment);

} // namespace pj
