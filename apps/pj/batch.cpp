#include "apps/pj/batch.hpp"

#include "apps/pj/batch/validate.hpp"
#include "apps/pj/batch/verbs.hpp"

#include <CLI/CLI.hpp>

namespace pj {

void add_batch(CLI::App& app, const settings& environment, int& exit_code) {
  auto* verb = app.add_subcommand("batch", "One change to many repositories");
  verb->require_subcommand(1);
  verb->footer("A batch is described in a YAML file: docs/BATCH.md.");
  batch::add_validate(*verb, environment, exit_code);
  batch::add_beginning(*verb, environment, exit_code);
  batch::add_going_on(*verb, environment, exit_code);
  batch::add_looking(*verb, environment, exit_code);
  batch::add_report(*verb, environment, exit_code);
  batch::add_logs(*verb, environment, exit_code);
}

} // namespace pj
