#pragma once
#include "core/spec/environment.hpp"

namespace CLI {
class App;
}

namespace pj {

/// Adds the verb `batch`, which has verbs of its own, one per file in batch/.
/// `environment` must outlive the parsing.
void add_batch(CLI::App& app, const settings& environment, int& exit_code);

} // namespace pj
