#include "adapters/environment.hpp"
#include "adapters/log.hpp"
#include "apps/pj/apply.hpp"
#include "apps/pj/config.hpp"
#include "apps/pj/run.hpp"
#include "apps/pj/version.hpp"

#include <CLI/CLI.hpp>

#include <csignal>
#include <exception>

int main(int argc, char** argv) {
  const auto environment = pj::take_environment();
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app("Carries coding tasks from a prompt to a pull request.", "pj");
  app.require_subcommand(1);
  app.set_help_all_flag("--help-all", "Help of every verb");
  int exit_code = 0;
  try {
    pj::add_run(app, environment, exit_code);
    pj::add_apply(app, exit_code);
    pj::add_config(app, environment, exit_code);
    pj::add_version(app);
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  } catch (const std::exception& e) {
    pj::log_line(pj::log_level::error, e.what());
    return 1;
  }
  return exit_code;
}
