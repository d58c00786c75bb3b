#include "adapters/environment.hpp"
#include "adapters/log.hpp"
#include "adapters/standard_streams.hpp"
#include "apps/pj/apply.hpp"
#include "apps/pj/batch.hpp"
#include "apps/pj/command_line.hpp"
#include "apps/pj/config.hpp"
#include "apps/pj/doctor.hpp"
#include "apps/pj/load/load.hpp"
#include "apps/pj/pulls/verbs.hpp"
#include "apps/pj/run.hpp"
#include "apps/pj/signals.hpp"
#include "apps/pj/status.hpp"
#include "apps/pj/version.hpp"

#include <CLI/CLI.hpp>

#include <exception>

int main(int argc, char** argv) {
  pj::open_standard_streams();
  const auto environment = pj::take_environment();
  pj::prepare_signals();
  CLI::App app("Pithy Jaunt carries coding tasks from a prompt to a pull "
               "request.",
               "pj");
  int exit_code = 0;
  try {
    pj::add_globals(app, environment);
    pj::add_run(app, environment, exit_code);
    pj::add_batch(app, environment, exit_code);
    pj::add_prs(app, environment, exit_code);
    pj::add_finishing(app, environment, exit_code);
    pj::add_doctor(app, environment, exit_code);
    pj::load::add_load(app, environment, exit_code);
    pj::add_status(app, environment, exit_code);
    pj::add_config(app, environment, exit_code);
    pj::add_apply(app, exit_code);
    pj::add_version(app);
    return pj::with_output_written(pj::parse(app, argc, argv) ? exit_code : 2);
  } catch (const CLI::Success& e) {
    return pj::with_output_written(app.exit(e));
  } catch (const std::exception& e) {
    pj::log_line(pj::log_level::error, e.what());
    return 1;
  }
}
