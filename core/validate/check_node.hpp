#pragma once
// Reads one check of a YAML list. Included by sources that know yaml-cpp.
#include "core/spec/task_spec.hpp"

#include <yaml-cpp/yaml.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pj {

constexpr std::size_t most_checks = 50; ///< of one list

/// What is wrong with a check, and where.
struct check_mistake {
  YAML::Mark at;
  std::string what;
};

/// A plain value as problems show it; "this" for others.
std::string shown_node(const YAML::Node& node);

/// `{name, command, blocking, timeout}` as `read_own_checks` describes it.
/// Throws `check_mistake`.
check_spec read_check(const YAML::Node& node);

/// The keys of a check.
std::vector<std::string_view> check_keys();

} // namespace pj
