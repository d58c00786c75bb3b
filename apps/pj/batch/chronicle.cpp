#include "apps/pj/batch/chronicle.hpp"

namespace pj::batch {

std::filesystem::path log_of(const std::filesystem::path& batch_folder) {
  return batch_folder / "log.jsonl";
}

result<done> log_cancelled(const std::filesystem::path& batch_folder,
                           const std::vector<std::string>& tasks) {
  const auto log = task_log::open(log_of(batch_folder));
  if (!log)
    return log.error();
  // A run of its own: else the time since the last one would count.
  (*log)->add({}, log_kind::run, "begin", "begins to cancel");
  for (const auto& id : tasks)
    (*log)->add(id, log_kind::end, to_string(task_end::cancelled),
                "cancelled by `pj batch cancel`");
  (*log)->add({}, log_kind::run, "end", "all is done");
  return done{};
}

void chronicle::begins(std::size_t tasks) {
  log_->add({}, log_kind::run, "begin",
            "begins to work on " + std::to_string(tasks) +
              (tasks == 1 ? " task" : " tasks"));
}

void chronicle::stage(const std::string& task, pj::stage now,
                      std::string_view what) {
  log_->add(task, log_kind::stage, to_string(now), what);
  next_->stage(task, now, what);
}

void chronicle::text(const std::string& task, std::string_view piece) {
  next_->text(task, piece);
}

void chronicle::note(const std::string& task, log_kind kind,
                     std::string_view line) {
  log_->add(task, kind, {}, line);
  next_->note(task, kind, line);
}

void chronicle::held(const std::string& task, bool now) {
  log_->add(task, log_kind::wait, now ? "held" : "over",
            now ? "limits that tasks share hold it back" : "goes on");
  next_->held(task, now);
}

void chronicle::ended(const task_outcome& x) {
  if (closed_)
    return;
  std::string line(to_string(x.end));
  if (x.end != task_end::succeeded)
    line += ": " + x.why.what;
  else if (!x.pr_url.empty())
    line += ": " + x.pr_url;
  log_->add(x.task, log_kind::end, to_string(x.end), line);
}

void chronicle::ends(const std::string& why) {
  log_->add({}, log_kind::run, why.empty() ? "end" : "stopped",
            why.empty() ? "all is done" : why);
}

} // namespace pj::batch
