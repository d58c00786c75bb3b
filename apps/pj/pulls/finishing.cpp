#include "apps/pj/pulls/finishing.hpp"

#include "adapters/log.hpp"
#include "adapters/terminal/screen.hpp"
#include "apps/pj/batch/open_pulls.hpp"
#include "apps/pj/pulls/office.hpp"
#include "apps/pj/signals.hpp"

#include <unistd.h>

#include <atomic>

namespace pj {

namespace {

using namespace std::chrono_literals;

/// A shorter one needs no announcement.
constexpr auto long_wait = 60s;

const char* word_of(pull_end how) {
  return how == pull_end::merged ? "merged" : "closed";
}

/// The log above a line of what is left; the line on a terminal only.
class progress_view {
public:
  progress_view() : screen_(STDERR_FILENO, look_at_terminal(STDERR_FILENO)) {
    set_log_output([this](std::string_view line) { screen_.print(line); });
  }
  ~progress_view() { set_log_output({}); }

  progress_view(const progress_view&) = delete;
  progress_view& operator=(const progress_view&) = delete;

  void show(const std::string& text) { screen_.status(text, begun_); }

private:
  screen screen_;
  const screen::clock::time_point begun_ = screen::clock::now();
};

std::size_t writes_each(const finishing& how) {
  return 1u + (how.comment.empty() ? 0u : 1u) + (how.delete_branch ? 1u : 0u);
}

finish_pull wish_for(const batch::accepted_task& task, const finishing& how) {
  finish_pull out;
  out.where = batch::place_of(task);
  out.how = how.how;
  out.commit = task.outcome->commit;
  out.method = how.method;
  out.comment = how.comment;
  out.delete_branch = how.delete_branch;
  return out;
}

void tell(const std::string& name, const finished_pull& x, pull_end how,
          finished_sum& sum) {
  using end = finished_pull::end;
  if (x.how == end::left) {
    ++sum.left;
    return log_line(log_level::error,
                    name + " is not " + word_of(how) + ": " + x.why);
  }
  ++(x.how == end::done ? sum.done : sum.already);
  sum.partly += x.warnings.empty() ? 0u : 1u;
  log_line(log_level::info, name + ": " + std::string(to_string(x.now.at)) +
                              (x.how == end::already ? " before" : "") + ' ' +
                              x.now.url);
  for (const auto& line : x.warnings)
    log_line(log_level::warning, name + ": " + line);
}

std::string part(std::size_t n, const std::string& what) {
  return n == 0 ? std::string{} : ", " + std::to_string(n) + ' ' + what;
}

} // namespace

finished_sum finish_all(const chosen_pulls& chosen, const finishing& how) {
  progress_view view;
  github_office github(chosen.secrets, chosen.api);
  std::atomic<bool> interrupted = false;
  const signal_watch signals([&](const std::string& name) {
    interrupted = true;
    log_line(log_level::warning,
             name + ": nothing more is begun; once more ends at once");
    github.stop();
  });
  finished_sum out;
  for (std::size_t i = 0; i < chosen.tasks.size() && !interrupted; ++i) {
    const auto left =
      github.forecast(chosen.tasks.size() - i, writes_each(how));
    if (i == 0 && left.time > long_wait)
      log_line(log_level::info, left.line);
    view.show(left.line);
    const auto name = shown_pull(chosen.tasks[i]);
    const auto end = github.finish(wish_for(chosen.tasks[i], how));
    if (end) {
      tell(name, *end, how.how, out);
    } else if (end.error().kind != failure_class::cancelled) {
      ++out.left;
      log_line(log_level::error, name + ": " + end.error().what);
    }
  }
  out.interrupted = interrupted;
  return out;
}

std::string text_of(const std::string& batch, const finished_sum& sum,
                    pull_end how) {
  const std::string word = word_of(how);
  auto parts = part(sum.done, word) + part(sum.already, word + " before") +
               part(sum.left, "left") + part(sum.partly, "not wholly");
  if (parts.empty())
    parts = ", nothing " + word;
  return batch + ": " + parts.substr(2) +
         (sum.interrupted ? "; interrupted" : "") + '\n';
}

} // namespace pj
