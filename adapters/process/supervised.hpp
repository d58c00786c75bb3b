#pragma once
#include "adapters/process/port.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace pj {

/// One process to run to its end.
struct supervised_plan {
  std::vector<std::string> argv;        ///< argv[0] is an absolute path
  std::vector<std::string> environment; ///< "NAME=value"; all there is
  std::filesystem::path folder;         ///< where it runs
  std::string input;
  std::chrono::milliseconds timeout{std::chrono::minutes{10}};
  std::chrono::milliseconds grace{std::chrono::seconds{2}};
  std::uint64_t max_output = 1u << 20; ///< bytes
  bool in_sandbox = false;             ///< `argv` is bubblewrap's
};

/// Runs it below a supervisor of its own. When this returns nothing that it
/// started is left. Fails when it cannot be started or `stop` ended it.
result<command_result> run_supervised(const supervised_plan& plan,
                                      std::stop_token stop);

} // namespace pj
