#pragma once
#include "core/spec/environment.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace pj {

/// The strongest set value of every name; sources go from strong to weak.
/// Empty and blank values count as unset.
settings merged(std::initializer_list<const settings*> strong_to_weak);

/// Reads a configuration file: one YAML mapping from the names of the contract
/// the further and the engine's settings, in capitals or small letters
/// (`model_provider: anthropic`), to plain values, or to lists of them where a
/// list is due. `file` is its name in errors and sources. Secrets are taken
/// only when the caller vouches that the file is its reader's alone (mode
/// 0600). The failure has every problem, one line each; unknown names get the
/// closest known one.
result<settings> read_settings_file(std::string_view yaml,
                                    std::string_view file, bool is_private);

/// The candidate with the fewest edits from `name`, when that is few enough to
/// be a slip; else empty.
std::string closest_name(std::string_view name,
                         const std::vector<std::string>& candidates);

} // namespace pj
