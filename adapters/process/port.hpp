#pragma once
#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace pj {

/// A command for the sandbox.
struct command {
  std::vector<std::string> argv; ///< argv[0] is looked up in PATH
  std::filesystem::path folder;  ///< where it runs; the only writable place
  std::vector<std::pair<std::string, std::string>> environment; ///< added
  std::string input; ///< given on standard input
  std::chrono::milliseconds timeout{std::chrono::minutes{10}};
  std::uint64_t max_output = 1u << 20; ///< bytes kept (start and end); the
                                       ///< middle is counted and dropped
  bool network = true;
  bool sandboxed = true; ///< bubblewrap where it works
};

struct command_result {
  int exit_code = 0; ///< 128 + signal when killed by one
  bool timed_out = false;
  std::string output; ///< standard output and error as they came
  bool cut = false;   ///< `output` lacks its middle
  std::chrono::milliseconds took{0};
};

/// Runs commands. Blocks; thread-safe. The child gets a clean environment
/// (PATH, HOME, LANG, TMPDIR and what `environment` adds) and no inherited
/// file descriptor; its whole process group ends with the call.
class process_port {
public:
  virtual ~process_port() = default;

  /// Fails only when the command could not be started or `stop` ended it.
  virtual result<command_result> run(const command& what,
                                     std::stop_token stop) = 0;

  /// Whether this program is found in PATH.
  virtual bool available(const std::string& program) const = 0;
};

} // namespace pj
