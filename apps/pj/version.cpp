#include "apps/pj/version.hpp"

#include <CLI/CLI.hpp>
#include <caf/config.hpp>

#include <iostream>

namespace pj {

void add_version(CLI::App& app) {
  app.add_subcommand("version", "Print the version")->callback([] {
    std::cout << "pj " << PJ_VERSION << " (CAF " << CAF_VERSION / 10000 << '.'
              << CAF_VERSION / 100 % 100 << '.' << CAF_VERSION % 100 << ")\n";
  });
}

} // namespace pj
