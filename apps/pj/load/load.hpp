#pragma once
#include "core/spec/environment.hpp"

namespace CLI {
class App;
} // namespace CLI

namespace pj::load {

/// Adds the verb `load`: many tasks against doubles of everything, measured.
/// When chosen, parsing runs it and sets `exit_code`. `environment` must
/// outlive the parsing.
void add_load(CLI::App& app, const settings& environment, int& exit_code);

} // namespace pj::load
