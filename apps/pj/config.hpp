#pragma once
#include "core/spec/environment.hpp"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace pj {

/// Adds the verb `config`: what is in force for a task and where each value
/// came from, secrets masked. When chosen, parsing runs it and sets
/// `exit_code`: 0, or 2 when a value is impossible or a file cannot be read.
/// `environment` must outlive the parsing.
void add_config(CLI::App& app, const settings& environment, int& exit_code);

/// One row of `pj config`.
struct shown_setting {
  std::string name;
  std::string value;  ///< fit to be shown: "***" for a secret
  std::string source; ///< "environment", "--model", "FILE:3", "default" or
                      ///< "not set"
};

/// Every variable of the contract in its order, then what else was set.
std::vector<shown_setting> shown_settings(const settings& in_force);

} // namespace pj
