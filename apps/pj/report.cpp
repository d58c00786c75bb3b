#include "apps/pj/report.hpp"

#include "adapters/log.hpp"
#include "adapters/standard_streams.hpp"
#include "adapters/terminal/style.hpp"
#include "core/task/text.hpp"
#include "core/text.hpp"

#include <unistd.h>

#include <cstdio>

namespace pj {

namespace {

void say(const std::string& line) {
  log_line(log_level::info, line);
}

void out(const std::string& text) {
  write_out(text);
  std::fflush(stdout);
}

/// Nothing twice in a row: details may begin with the error itself.
void print_failure(const failure& why) {
  log_line(log_level::error, why.what);
  std::string_view last = why.what;
  for (auto line : split(std::string_view(why.details), '\n')) {
    if (!line.empty() && line != last)
      log_line(log_level::error, "  " + std::string(line));
    last = line.empty() ? last : line;
  }
}

bool is_worth_a_warning(check_outcome x) {
  return x == check_outcome::warned || x == check_outcome::removed;
}

void print_success(const task_outcome& x, const task_spec& spec) {
  if (x.replayed)
    say("this task succeeded before; nothing was done again");
  for (const auto& c : x.checks)
    log_line(is_worth_a_warning(c.outcome) ? log_level::warning
                                           : log_level::info,
             "check: " + c.line);
  for (const auto& path : x.risky)
    say("please look twice at " + path);
  if (!x.kept_repository.empty()) {
    say("commit " + x.commit + " is kept in " + x.kept_repository);
    say("patch file: " + x.kept_patch);
  }
  if (!x.pr_url.empty())
    say("pull request: " + x.pr_url);
  else if (!spec.dry_run && !spec.skip_push)
    say("pushed branch " + x.branch + " (no pull request, as asked)");
}

void print_cost(const task_outcome& x) {
  say(std::to_string(x.tokens.input_tokens) + " tokens in, " +
      std::to_string(x.tokens.output_tokens) + " out, cost " +
      cost_text(x.cost_usd));
}

} // namespace

void print_outcome(const task_outcome& x, const task_spec& spec,
                   const report_options& how) {
  if (x.end == task_end::succeeded) {
    print_success(x, spec);
  } else {
    print_failure(x.why);
  }
  if (x.end == task_end::succeeded || x.tokens.input_tokens > 0)
    print_cost(x);
  if (how.json)
    return out(redact(to_json(x)) + "\n");
  if (x.end != task_end::succeeded)
    return;
  const auto facts = look_at_terminal(STDOUT_FILENO);
  if (spec.dry_run || (facts.is_terminal && !how.quiet))
    out(shown_diff(x.diff, facts.colours));
  if (!x.pr_url.empty())
    out(x.pr_url + "\n");
}

void print_unusable(const std::string& task, const std::string& branch,
                    const failure& why) {
  task_outcome x;
  x.task = task;
  x.branch = branch;
  x.why = why;
  if (const auto end = why.what.find('\n'); end != why.what.npos) {
    x.why.what = why.what.substr(0, end);
    x.why.details = why.what;
  }
  out(redact(to_json(x)) + "\n");
}

} // namespace pj
