#pragma once
#include <functional>

namespace pj {

/// Threads that may block. Actors hand work to them and get their results by
/// message. Tests run the work inline.
class executor {
public:
  virtual ~executor() = default;

  /// Runs `job` soon on one of the threads; drops it once stopped.
  virtual void post(std::function<void()> job) = 0;
};

} // namespace pj
