#pragma once

namespace CLI {
class App;
} // namespace CLI

namespace pj {

/// Adds the verb `version`: prints the program's version and those of the
/// libraries it runs on.
void add_version(CLI::App& app);

} // namespace pj
