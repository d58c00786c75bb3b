#pragma once
#include "core/spec/environment.hpp"

namespace CLI {
class App;
}

namespace pj {

/// Adds `prs`: lists the pull requests of a batch. When chosen, parsing runs it
/// and sets `exit_code`: 0 all known, 1 some not, 2 bad use, 130 interrupted.
/// `environment` must outlive the parsing.
void add_prs(CLI::App& app, const settings& environment, int& exit_code);

/// Adds `merge` and `close` for them: 0 all, 1 some could not, 2 bad use, 130
/// interrupted.
void add_finishing(CLI::App& app, const settings& environment, int& exit_code);

} // namespace pj
