#pragma once
#include <string>

namespace CLI {
class App;
} // namespace CLI

namespace pj {

/// "pj 0.1.0 (CAF 0.17.6, libgit2 1.8.4, …)".
std::string version_line();

/// Adds the verb `version`: prints `version_line`.
void add_version(CLI::App& app);

} // namespace pj
