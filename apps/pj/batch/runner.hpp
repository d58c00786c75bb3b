#pragma once
#include "core/batch/pull_room.hpp"
#include "core/task/outcome.hpp"
#include "messages/engine.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace pj::batch {

/// Feeds an engine with tasks, some at once, until all have ended or it is told
/// to start no more. Tasks that never started stay as the journal has them.
/// Thread-safe. Must outlive the engine.
class runner {
public:
  /// Runs one task; calls `then` once, on any thread.
  using engine = std::function<void(submit_task what,
                                    std::function<void(task_outcome)> then)>;

  /// `ended` is told of every end, on an engine thread, one at a time. A task
  /// that finds no `room` for its pull request is not begun, and while another
  /// runs none is begun that `must_wait`, which is asked by one thread at a
  /// time and may be empty.
  runner(std::size_t at_once, std::function<void(const task_outcome&)> ended,
         pull_room room = {}, std::function<bool()> must_wait = {})
    : at_once_(at_once), ended_(std::move(ended)),
      must_wait_(std::move(must_wait)), room_(std::move(room)) {}

  /// To be called once.
  void start(engine run, std::deque<submit_task> tasks);

  /// No task is started any more; `why` is one line. The first reason stays.
  void stop_starting(const std::string& why);

  /// The same, and what runs is waited for no longer than this.
  void interrupt(const std::string& why, std::chrono::seconds patience);

  /// Returns when no task runs and none is to be started, or when the patience
  /// of `interrupt` is over. False: some still run.
  bool wait();

  /// Why it stopped early; empty: it did not.
  std::string stopped() const;

  /// What one task ran into that hits all: the budget, the journal, the
  /// provider's account.
  std::optional<failure_code> stopped_by() const;

  /// Tasks were left because too many pull requests are open.
  bool out_of_room() const;

private:
  void fill(std::unique_lock<std::mutex>& lock);
  bool may_begin();
  void over(const task_outcome& outcome);

  const std::size_t at_once_;
  const std::function<void(const task_outcome&)> ended_;
  const std::function<bool()> must_wait_;
  engine run_;
  mutable std::mutex mutex_;
  std::mutex telling_; ///< one end at a time
  std::condition_variable changed_;
  std::deque<submit_task> waiting_;
  pull_room room_;
  std::size_t running_ = 0;
  std::string stopped_;
  std::optional<failure_code> stopped_by_;
  bool out_of_room_ = false;
  std::optional<std::chrono::steady_clock::time_point> give_up_;
};

} // namespace pj::batch
