#pragma once
#include "adapters/executor.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace pj {

/// A fixed number of threads that run posted jobs in order of arrival. The
/// queue has no bound of its own: whoever posts caps its work in flight. A
/// job's exception is logged and goes no further.
class work_pool final : public executor {
public:
  /// Threads are named `name` as debuggers show it (15 bytes at most). At
  /// least one thread is made.
  work_pool(std::string name, std::size_t threads);

  /// Like `shutdown`.
  ~work_pool() override;

  work_pool(const work_pool&) = delete;
  work_pool& operator=(const work_pool&) = delete;

  void post(std::function<void()> job) override;

  /// Drops what is queued and waits for what runs. Not from a job.
  void shutdown();

  /// Like `shutdown` but waits no longer than `patience`; false when a job
  /// still runs, and then the destructor waits for it.
  bool join_for(std::chrono::milliseconds patience);

private:
  struct state;

  void stop();

  std::shared_ptr<state> state_;
  std::vector<std::thread> threads_;
};

} // namespace pj
