#pragma once
#include "core/spec/environment.hpp"

namespace CLI {
class App;
} // namespace CLI

namespace pj::batch {

/// Adds to the verb `batch` what begins a batch: `run`, `plan`. When chosen,
/// parsing runs it and sets `exit_code`. `environment` must outlive the
/// parsing.
void add_beginning(CLI::App& batch, const settings& environment,
                   int& exit_code);

/// Adds to the verb `batch` what goes on with batches that were begun:
/// `resume`, `retry`, `apply`, `cancel`. When chosen, parsing runs it and sets
/// `exit_code`. `environment` must outlive the parsing.
void add_going_on(CLI::App& batch, const settings& environment, int& exit_code);

/// Adds what only looks at them: `status`, `show`.
void add_looking(CLI::App& batch, const settings& environment, int& exit_code);

/// Adds `report`: a page for people.
void add_report(CLI::App& batch, const settings& environment, int& exit_code);

/// Adds `logs`: what happened to tasks, line by line.
void add_logs(CLI::App& batch, const settings& environment, int& exit_code);

} // namespace pj::batch
