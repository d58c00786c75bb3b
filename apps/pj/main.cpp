#include "adapters/environment.hpp"
#include "apps/pj/apply.hpp"
#include "apps/pj/config.hpp"

#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
  const auto environment = pj::take_environment();
  CLI::App app("Carries coding tasks from a prompt to a pull request", "pj");
  app.require_subcommand(1);
  int exit_code = 0;
  pj::add_apply(app, exit_code);
  pj::add_config(app, environment, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  return exit_code;
}
