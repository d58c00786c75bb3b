#include "actors/jobs.hpp"

#include <algorithm>

namespace pj {

job_desk::job_desk(std::shared_ptr<executor> threads, std::size_t width,
                   poster post)
  : threads_(std::move(threads)), width_(width), post_(std::move(post)) {}

job_desk::~job_desk() {
  for (auto& [id, j] : running_) {
    j.stop.request_stop();
    j.settle(restarting("worker"));
  }
  for (auto& j : waiting_)
    j.settle(restarting("worker"));
}

void job_desk::admit(job next) {
  waiting_.push_back(std::move(next));
  start_waiting();
}

void job_desk::start_waiting() {
  for (auto i = waiting_.begin();
       i != waiting_.end() && running_.size() < width_;) {
    if (busy_keys_.contains(i->key)) {
      ++i;
      continue;
    }
    auto next = std::move(*i);
    i = waiting_.erase(i);
    start(std::move(next));
  }
}

void job_desk::start(job next) {
  const auto id = ++last_id_;
  if (!next.key.empty())
    busy_keys_.insert(next.key);
  const auto& j = running_.emplace(id, std::move(next)).first->second;
  threads_->post([post = post_, id, work = j.work, stop = j.stop.get_token()] {
    post({id, work(stop)});
  });
}

void job_desk::finish(const job_finished& x) {
  const auto i = running_.find(x.id);
  if (i == running_.end())
    return;
  auto j = std::move(i->second);
  running_.erase(i);
  busy_keys_.erase(j.key);
  j.settle(x.outcome.get());
  start_waiting();
}

void job_desk::abandon(const std::string& task) {
  for (auto& [id, j] : running_)
    if (j.task == task)
      j.stop.request_stop();
  const auto dropped =
    std::stable_partition(waiting_.begin(), waiting_.end(),
                          [&task](const job& j) { return j.task != task; });
  for (auto i = dropped; i != waiting_.end(); ++i)
    i->settle(abandoned());
  waiting_.erase(dropped, waiting_.end());
}

} // namespace pj
