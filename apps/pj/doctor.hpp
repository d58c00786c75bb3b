#pragma once
#include "core/spec/environment.hpp"

namespace CLI {
class App;
} // namespace CLI

namespace pj {

/// Adds the verb `doctor`: looks at everything a task needs, one line each.
/// When chosen, parsing runs it and sets `exit_code`: 0, or 1 when something is
/// wrong. `environment` must outlive the parsing.
void add_doctor(CLI::App& app, const settings& environment, int& exit_code);

} // namespace pj
