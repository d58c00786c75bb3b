#include "apps/pj/version.hpp"

#include <CLI/CLI.hpp>
#include <caf/config.hpp>

#include <iostream>

namespace pj {

std::string version_line() {
  return std::string("pj ") + PJ_VERSION + " (CAF " +
         std::to_string(CAF_VERSION / 10000) + '.' +
         std::to_string(CAF_VERSION / 100 % 100) + '.' +
         std::to_string(CAF_VERSION % 100) + ')';
}

void add_version(CLI::App& app) {
  app.add_subcommand("version", "Print the version")->callback([] {
    std::cout << version_line() << '\n';
  });
}

} // namespace pj
