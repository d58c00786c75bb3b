#include "apps/pj/batch/runner.hpp"

#include <algorithm>

namespace pj::batch {

namespace {

std::string full(const pull_room& room) {
  const auto n = room.taken();
  return std::to_string(n) +
         (n == 1 ? " pull request of the batch is open"
                 : " pull requests of the batch are open") +
         " (limits.max_open_prs: " + std::to_string(room.most()) + ')';
}

/// What also befalls the tasks that have not begun; null: nothing does.
const failure* befalls_all(const task_outcome& x) {
  if (x.unrecorded)
    return &*x.unrecorded;
  return x.end == task_end::failed && x.why.hits_all ? &x.why : nullptr;
}

} // namespace

void runner::start(engine run, std::deque<submit_task> tasks) {
  std::unique_lock lock(mutex_);
  run_ = std::move(run);
  waiting_ = std::move(tasks);
  // In front of those that need room: then the first says whether any may go.
  std::stable_partition(
    waiting_.begin(), waiting_.end(),
    [this](const submit_task& t) { return room_.is_free(*t.spec); });
  fill(lock);
}

void runner::fill(std::unique_lock<std::mutex>& lock) {
  while (may_begin() && room_.take(*waiting_.front().spec)) {
    auto task = std::move(waiting_.front());
    waiting_.pop_front();
    ++running_;
    // The answer may come before `submit` returns.
    lock.unlock();
    run_(std::move(task), [this](const task_outcome& x) { over(x); });
    lock.lock();
  }
  if (running_ == 0 && !waiting_.empty() && stopped_.empty()) {
    out_of_room_ = true;
    stopped_ = full(room_);
  }
  changed_.notify_all();
}

bool runner::may_begin() {
  if (!stopped_.empty() || running_ >= at_once_ || waiting_.empty())
    return false;
  return running_ == 0 || !must_wait_ || !must_wait_();
}

void runner::over(const task_outcome& outcome) {
  {
    const std::lock_guard one(telling_);
    ended_(outcome);
  }
  std::unique_lock lock(mutex_);
  if (const auto* why = befalls_all(outcome); why && stopped_.empty()) {
    stopped_ = why->what;
    stopped_by_ = why->code;
  }
  --running_;
  room_.ended(outcome);
  fill(lock);
}

void runner::stop_starting(const std::string& why) {
  const std::lock_guard lock(mutex_);
  if (stopped_.empty())
    stopped_ = why;
  changed_.notify_all();
}

void runner::interrupt(const std::string& why, std::chrono::seconds patience) {
  {
    const std::lock_guard lock(mutex_);
    give_up_ = std::chrono::steady_clock::now() + patience;
  }
  stop_starting(why);
}

bool runner::wait() {
  std::unique_lock lock(mutex_);
  auto idle = [this] {
    return running_ == 0 && (waiting_.empty() || !stopped_.empty());
  };
  changed_.wait(lock, [&] { return idle() || give_up_; });
  if (give_up_)
    changed_.wait_until(lock, *give_up_, idle);
  return idle();
}

std::string runner::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

std::optional<failure_code> runner::stopped_by() const {
  const std::lock_guard lock(mutex_);
  return stopped_by_;
}

bool runner::out_of_room() const {
  const std::lock_guard lock(mutex_);
  return out_of_room_;
}

} // namespace pj::batch
