#include "core/batch/timeline.hpp"

namespace pj::batch {

using std::chrono::milliseconds;

milliseconds task_course::took() const {
  milliseconds out{0};
  for (const auto& x : stretches)
    out += x.to - x.from;
  return out;
}

/// A clock that was set back stands still here.
void timeline::pass_to(wall_time time, bool idle) {
  if (!begun_)
    begun_ = last_ = time;
  if (time <= last_)
    return;
  if (!idle)
    now_ += time - last_;
  last_ = time;
}

void timeline::add(const log_entry& x) {
  const bool fresh = x.kind == log_kind::run && x.tag == "begin";
  if (fresh)
    finish();
  const bool first = !begun_;
  pass_to(x.at, fresh);
  if (fresh && !first)
    breaks_.push_back(now_);
  if (x.task.empty())
    return;
  if (const auto at = stage_from(x.tag); x.kind == log_kind::stage && at)
    open(x.task, *at, false);
  const auto held = open_.find(x.task);
  if (x.kind == log_kind::wait && held != open_.end())
    open(x.task, held->second.at, x.tag == "held");
  if (x.kind != log_kind::end)
    return;
  close(x.task);
  tasks_[x.task].ended = now_;
  tasks_[x.task].end = x.tag;
}

void timeline::open(const std::string& task, stage at, bool held) {
  close(task);
  open_[task] = {at, held, now_};
}

void timeline::close(const std::string& task) {
  const auto i = open_.find(task);
  if (i == open_.end())
    return;
  const auto& x = i->second;
  if (x.since < now_)
    tasks_[task].stretches.push_back({x.at, x.held, x.since, now_});
  open_.erase(i);
}

void timeline::finish() {
  while (!open_.empty())
    close(std::string(open_.begin()->first));
}

} // namespace pj::batch
