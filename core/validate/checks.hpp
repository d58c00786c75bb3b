#pragma once
#include "core/result.hpp"
#include "core/spec/task_spec.hpp"
#include "core/tree.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace pj {

/// One command that the change has to stand.
struct planned_check {
  std::string name; ///< e.g. "types", "lint", "tests"
  std::vector<std::string> argv;
  bool blocking = true;
  bool needs_node_modules = false;
  std::chrono::milliseconds timeout{std::chrono::minutes{10}};
};

enum class check_outcome : std::uint8_t {
  passed,
  failed,          ///< and it blocks
  warned,          ///< failed, but does not block
  already_failing, ///< fails on the untouched base in the same way
  not_run,         ///< no tool, or its dependencies could not be installed
  removed,         ///< the base has it, the change takes it away
};

struct check_report {
  std::string name;
  check_outcome outcome = check_outcome::passed;
  std::string line;   ///< one line for log and pull request body
  std::string output; ///< of the command; capped
};

struct validation_report {
  std::vector<check_report> checks;

  /// No check blocks the commit.
  bool ok() const noexcept;
};

/// The checks the repository calls for (package.json, tsconfig, playwright,
/// `.pj.yaml`) and those of the spec. Fails when `.pj.yaml` is malformed.
result<std::vector<planned_check>>
plan_checks(const source_tree& tree, const std::vector<check_spec>& extra);

/// A report for each check planned `before` the change whose name is not
/// planned `after` it any more.
std::vector<check_report>
removed_checks(const std::vector<planned_check>& before,
               const std::vector<planned_check>& after);

/// Whether a failure on the change is one the base has too: same exit code and
/// no failing line that the base lacks, once paths, times and numbers are
/// normalised.
bool fails_the_same(int base_exit, std::string_view base_output,
                    int change_exit, std::string_view change_output);

} // namespace pj
