#pragma once
#include "core/spec/environment.hpp"

namespace CLI {
class App;
} // namespace CLI

namespace pj {

/// Adds what holds for every verb: --verbose, --quiet (and PJ_LOG, which they
/// beat), --version, and the words of `pj --help`. Verbs come after. Both
/// arguments must outlive the parsing.
void add_globals(CLI::App& app, const settings& environment);

/// Parses and so runs the chosen verb. False: the command line is wrong, and
/// one line on standard error says what and what was perhaps meant; without
/// any argument the overview. Throws `CLI::Success` for --help and --version.
bool parse(CLI::App& app, int argc, const char* const* argv);

} // namespace pj
