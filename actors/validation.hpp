#pragma once
#include "adapters/work_tree/port.hpp"
#include "core/change.hpp"
#include "core/validate/checks.hpp"

#include <chrono>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace pj {

struct validation_options {
  /// What commands get besides the clean environment; never a secret.
  std::vector<std::pair<std::string, std::string>> environment{
    {"CI", "true"},
    {"NO_COLOR", "1"},
    {"npm_config_audit", "false"},
    {"npm_config_fund", "false"},
    {"npm_config_update_notifier", "false"}};

  /// For installing the dependencies.
  std::chrono::milliseconds install_timeout{std::chrono::minutes{10}};

  std::uint64_t max_output = 4u
                             << 20; ///< bytes of a command that are looked at
  std::size_t max_report = 20'000;  ///< bytes of them in the report
};

/// Runs the checks that the changed repository and the spec call for. A
/// blocking check that fails is run on the untouched base too: if it fails
/// there in the same way it does not block. A check that the base has and the
/// change takes away is reported as `removed`. Without any check no work tree
/// is made. Blocks. Fails when a work tree cannot be made, when `.pj.yaml` is
/// malformed, or when `stop` ended it.
result<validation_report> validate(const snapshot& base,
                                   const change_set& change,
                                   const std::vector<check_spec>& extra,
                                   work_tree_port& places, std::stop_token stop,
                                   const validation_options& options = {});

} // namespace pj
