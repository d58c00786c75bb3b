#pragma once
#include "core/spec/environment.hpp"

namespace CLI {
class App;
}

namespace pj {

/// Adds the verb `status`: with --webhooks what became of the events of this
/// user's tasks, and redelivery by hand. When chosen, parsing runs it and sets
/// `exit_code`. `environment` must outlive the parsing.
void add_status(CLI::App& app, const settings& environment, int& exit_code);

} // namespace pj
