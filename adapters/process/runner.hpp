#pragma once
#include "adapters/process/port.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pj {

/// How well a command is kept from the rest of the machine.
enum class isolation : std::uint8_t {
  /// Own process, mount and user namespaces: the root is read-only, /tmp is
  /// its own, homes and hidden folders are empty, the engine is not in /proc.
  bubblewrap,

  /// No user namespaces here (as in most containers): the command sees the
  /// machine as the engine's user does, without capabilities and without new
  /// privileges, and the network cannot be cut. Everything else holds.
  process_group,
};

std::string_view to_string(isolation how) noexcept;

struct process_options {
  bool allow_sandbox = true;

  /// Folders and files no command may read, besides the homes: cache, journal …
  std::vector<std::filesystem::path> hidden;

  /// Where the private /tmp of a run is made. Empty: the system's.
  std::filesystem::path scratch;

  /// SIGTERM first, SIGKILL after this.
  std::chrono::milliseconds grace{std::chrono::seconds{2}};
};

/// A `process_port` that says how it keeps commands apart.
class process_runner : public process_port {
public:
  /// What holds for commands that ask for the sandbox.
  virtual isolation in_force() const noexcept = 0;

  /// Why it is not bubblewrap; one line, empty when it is.
  virtual const std::string& why_not() const noexcept = 0;
};

/// Tries once whether bubblewrap works here. Thread-safe; commands may run at
/// the same time from many threads. Whatever a command starts, in whatever
/// session, is gone when `run` returns, and also when the engine dies.
std::unique_ptr<process_runner> make_process_runner(process_options options);

} // namespace pj
