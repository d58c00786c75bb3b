#pragma once
#include "core/result.hpp"
#include "core/spec/task_spec.hpp"

#include <string_view>
#include <vector>

namespace pj {

/// Name of the file in which a repository says what to run.
constexpr std::string_view own_checks_file = ".pj.yaml";

/// Reads `.pj.yaml`:
///
///     validate:
///       - name: unit          # letters, digits and "._ -"; each once
///         command: make test  # given to `sh -c`
///         blocking: true      # false: a failure only warns
///         timeout: 10m        # 90, 90s, 15m or 1h; at most 6h
///
/// `name` and `command` are required. Fails with the line of the first thing
/// that is wrong (class `fail`, code `configuration`).
result<std::vector<check_spec>> read_own_checks(std::string_view yaml);

} // namespace pj
