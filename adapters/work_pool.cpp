#include "adapters/work_pool.hpp"

#include "adapters/log.hpp"

#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <utility>

namespace pj {

using job = std::function<void()>;

struct work_pool::state {
  std::mutex guard;
  std::condition_variable changed;
  std::deque<job> queue;
  std::size_t running = 0; ///< threads that have not ended
  bool stopped = false;

  /// The next job; empty once stopped.
  job take() {
    std::unique_lock lock(guard);
    changed.wait(lock, [this] { return stopped || !queue.empty(); });
    if (stopped)
      return {};
    auto next = std::move(queue.front());
    queue.pop_front();
    return next;
  }

  void ended() {
    const std::lock_guard lock(guard);
    --running;
    changed.notify_all();
  }
};

namespace {

void run_guarded(const job& work) noexcept {
  try {
    work();
  } catch (const std::exception& e) {
    log_line(log_level::error, std::string("a job failed: ") + e.what());
  } catch (...) {
    log_line(log_level::error, "a job failed with an unknown exception");
  }
}

} // namespace

work_pool::work_pool(std::string name, std::size_t threads)
  : state_(std::make_shared<state>()) {
  name.resize(std::min<std::size_t>(name.size(), 15));
  const auto count = std::max<std::size_t>(threads, 1);
  threads_.reserve(count);
  state_->running = count;
  for (std::size_t i = 0; i < count; ++i)
    threads_.emplace_back([s = state_, name] {
      ::pthread_setname_np(::pthread_self(), name.c_str());
      while (auto work = s->take())
        run_guarded(work);
      s->ended();
    });
}

work_pool::~work_pool() {
  shutdown();
}

void work_pool::post(job work) {
  const std::lock_guard lock(state_->guard);
  if (state_->stopped || !work)
    return;
  state_->queue.push_back(std::move(work));
  state_->changed.notify_one();
}

void work_pool::shutdown() {
  stop();
  for (auto& t : threads_)
    if (t.joinable())
      t.join();
}

bool work_pool::join_for(std::chrono::milliseconds patience) {
  stop();
  std::unique_lock lock(state_->guard);
  const bool all_ended = state_->changed.wait_for(
    lock, patience, [this] { return state_->running == 0; });
  lock.unlock();
  if (all_ended)
    shutdown();
  return all_ended;
}

// Dropped jobs are destroyed outside the lock: what they hold may post again.
void work_pool::stop() {
  std::deque<job> dropped;
  const std::lock_guard lock(state_->guard);
  state_->stopped = true;
  dropped.swap(state_->queue);
  state_->changed.notify_all();
}

} // namespace pj
