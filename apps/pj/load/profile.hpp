#pragma once
#include "core/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pj::load {

/// How the doubles behave in a load test, and how much is asked of the engine
/// when flags do not say.
struct profile {
  std::string_view name;
  std::string_view what; ///< one line for people
  unsigned tasks;
  unsigned at_once;
  std::string_view fixtures; ///< for pj-mock, YAML
};

/// Those that come with the program, the lightest first.
const std::vector<profile>& profiles();

/// Fails (code `configuration`) for an unknown name, telling the known ones.
result<profile> profile_of(std::string_view name);

} // namespace pj::load
