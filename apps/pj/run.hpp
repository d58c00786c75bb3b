#pragma once
#include "core/spec/environment.hpp"

namespace CLI {
class App;
} // namespace CLI

namespace pj {

/// Adds the verb `run`: one task from the environment and flags. When the verb
/// is chosen, parsing runs it and sets `exit_code`. `environment` must outlive
/// the parsing.
void add_run(CLI::App& app, const settings& environment, int& exit_code);

} // namespace pj
