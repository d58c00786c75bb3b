#pragma once
#include "core/spec/environment.hpp"

namespace CLI {
class App;
}

namespace pj::batch {

/// Adds `batch validate`: reads a spec and all it names, and says what a run
/// would do or everything that is wrong. When chosen, parsing runs it and sets
/// `exit_code`: 0 or 2. `environment` must outlive the parsing.
void add_validate(CLI::App& batch, const settings& environment, int& exit_code);

} // namespace pj::batch
