#pragma once
#include <chrono>
#include <cstddef>

namespace pj::batch {

/// How many of the wanted tasks this process can carry at once. Raises its soft
/// limit of open files as far as they need and the hard one allows; that there
/// is room for fewer is told in one line.
std::size_t fit_to_machine(std::size_t wanted);

/// Watches what memory is left, of the machine and of the process's control
/// groups. Not thread-safe.
class memory_watch {
public:
  /// Too little to begin a task; the first time it is told in one line. Looks
  /// once a second at most.
  bool is_short();

private:
  std::chrono::steady_clock::time_point looked_{};
  bool short_ = false;
  bool told_ = false;
};

} // namespace pj::batch
