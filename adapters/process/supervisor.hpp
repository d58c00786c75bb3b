#pragma once

namespace pj::supervisor {

/// What the supervisor needs, all of it made before the fork. Descriptors are
/// above 2 and close on exec.
struct launch {
  char* const* argv = nullptr; ///< ends in null; argv[0] is absolute
  char* const* environment = nullptr;
  const char* folder = nullptr;
  int input = -1;
  int output = -1;  ///< standard output and error
  int control = -1; ///< read end: `terminate`, `destroy`, or the engine's end
  int status = -1;  ///< write end: one `report`
  bool in_sandbox = false;
};

/// Asked through `control`, one byte each.
constexpr char terminate = 't'; ///< SIGTERM to the command
constexpr char destroy = 'k';   ///< SIGKILL to all there is

struct report {
  int error = 0;  ///< errno when the command could not be started
  int status = 0; ///< as from waitpid
};

/// The life of the supervisor: a process between the engine and one command.
/// It adopts whatever the command leaves behind, so that nothing outlives it,
/// and it ends everything when the engine is gone. Entered right after a fork
/// of a process with many threads, with all signals blocked: calls the kernel
/// only, never allocates.
[[noreturn]] void run(const launch& what) noexcept;

} // namespace pj::supervisor
