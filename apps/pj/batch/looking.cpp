#include "adapters/standard_streams.hpp"
#include "apps/pj/batch/begun.hpp"
#include "apps/pj/batch/verbs.hpp"

#include "core/escape.hpp"
#include "core/task/text.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace pj::batch {

namespace {

struct looking_flags {
  std::string name;
  std::string task; ///< empty: all
  std::string format = "text";
};

int status(const looking_flags& flags, const settings& environment) {
  const auto form = summary_form_from(flags.format);
  if (!form)
    return complain(form.error());
  const auto seen = look_at_begun(environment, flags.name);
  if (!seen)
    return complain(seen.error());
  write_out(render(summary_of(seen->all), *form));
  return 0;
}

/// What a task is, how it ended, its diff.
std::string text_of(const accepted_task& task) {
  auto out = "task        " + task.spec.id + "\nrepository  " +
             escaped(task.spec.repo.text) + "\nbranch      " +
             escaped(task.spec.branch) + "\nstate       " +
             std::string(to_string(task.at)) + '\n';
  if (!task.outcome)
    return out;
  const auto& x = *task.outcome;
  if (!x.pr_url.empty())
    out += "pull request " + escaped(x.pr_url) + '\n';
  out += "cost        " + cost_text(x.cost_usd) + '\n';
  if (x.end != task_end::succeeded)
    out += "why         " + escaped(x.why.what) + '\n';
  for (const auto& c : x.checks)
    out += "check       " + escaped(c.line) + '\n';
  terminal_filter safe;
  return out + '\n' + safe(x.diff) + safe.finish();
}

int show(const looking_flags& flags, const settings& environment) {
  const auto seen = look_at_begun(environment, flags.name);
  if (!seen)
    return complain(seen.error());
  bool any = false;
  for (const auto& task : seen->all.tasks)
    if (flags.task.empty() || flags.task == task.spec.id) {
      write_out((any ? "\n" : "") + text_of(task));
      any = true;
    }
  if (any)
    return 0;
  return complain(configuration_failure("batch " + flags.name +
                                        " has no task " + flags.task));
}

} // namespace

void add_looking(CLI::App& batch, const settings& environment, int& exit_code) {
  const auto flags = std::make_shared<looking_flags>();
  auto* verb = batch.add_subcommand(
    "status", "Say how a batch stands, also while it runs");
  verb->add_option("NAME", flags->name, "The batch's name")->required();
  verb->add_option("--format", flags->format,
                   "text, json, jsonl, junit, markdown");
  verb->callback([flags, &environment, &exit_code] {
    exit_code = status(*flags, environment);
  });
  const auto one = std::make_shared<looking_flags>();
  auto* details =
    batch.add_subcommand("show", "Show a batch's tasks with their diffs");
  details->add_option("NAME", one->name, "The batch's name")->required();
  details->add_option("TASK", one->task, "Only this task");
  details->callback(
    [one, &environment, &exit_code] { exit_code = show(*one, environment); });
}

} // namespace pj::batch
