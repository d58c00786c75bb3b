#pragma once

namespace CLI {
class App;
}

namespace pj {

/// Adds the verb `apply`: a model's answer into a folder. When the verb is
/// chosen, parsing runs it and sets `exit_code`: 0 applied, 3 refused and the
/// folder untouched, 2 wrong usage, 1 the folder could not be written.
void add_apply(CLI::App& app, int& exit_code);

} // namespace pj
