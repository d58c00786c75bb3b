#include "apps/pj/batch/live_view.hpp"

#include "adapters/log.hpp"
#include "core/task/text.hpp"
#include "core/text.hpp"

#include <unistd.h>

namespace pj::batch {

namespace {

/// "Asking the model..." is "asking".
std::string verb_of(std::string_view sentence) {
  return lowered(sentence.substr(0, sentence.find(' ')));
}

} // namespace

live_view::live_view(std::size_t total, std::size_t ended)
  : screen_(STDERR_FILENO, look_at_terminal(STDERR_FILENO)), total_(total),
    ended_(ended) {
  set_log_output([this](std::string_view line) { screen_.print(line); });
}

live_view::~live_view() {
  set_log_output({});
}

void live_view::stage(const std::string& task, pj::stage,
                      std::string_view what) {
  log_line(log_level::debug, task + ": " + std::string(what));
  const std::lock_guard lock(mutex_);
  doing_[task] = verb_of(what);
  show();
}

void live_view::text(const std::string&, std::string_view) {}

void live_view::held(const std::string&, bool) {}

void live_view::note(const std::string& task, log_kind kind,
                     std::string_view line) {
  if (is_urgent(kind))
    log_line(log_level::warning, task + ": " + std::string(line));
}

void live_view::ended(const task_outcome& x, const std::string& repository) {
  const std::lock_guard lock(mutex_);
  if (closed_) // the engine's end, not the task's
    return;
  doing_.erase(x.task);
  ++ended_;
  cost_ += x.cost_usd.value_or(0);
  auto line = std::to_string(ended_) + '/' + std::to_string(total_) + ' ' +
              repository + ": " + std::string(to_string(x.end));
  if (x.end == task_end::succeeded) {
    log_line(log_level::info, line + (x.pr_url.empty() ? "" : " " + x.pr_url));
  } else {
    ++failed_;
    log_line(log_level::error, line + ": " + x.why.what);
  }
  show();
}

void live_view::only(const std::string& what) {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  screen_.status(what);
}

void live_view::show() {
  if (closed_)
    return;
  std::map<std::string_view, std::size_t> by_verb;
  for (const auto& [task, verb] : doing_)
    ++by_verb[verb];
  auto line = std::to_string(ended_) + '/' + std::to_string(total_) +
              " tasks (" + std::to_string(failed_) + " failed, " +
              cost_text(cost_) + ")";
  char between = ':';
  for (const auto& [verb, n] : by_verb) {
    line +=
      std::string{between, ' '} + std::to_string(n) + ' ' + std::string(verb);
    between = ',';
  }
  screen_.status(std::move(line), begun_);
}

} // namespace pj::batch
