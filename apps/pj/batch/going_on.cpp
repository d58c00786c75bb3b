#include "apps/pj/batch/begun.hpp"
#include "apps/pj/batch/chronicle.hpp"
#include "apps/pj/batch/spending.hpp"
#include "apps/pj/batch/verbs.hpp"

#include "adapters/log.hpp"
#include "apps/pj/signals.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <set>

namespace pj::batch {

namespace {

struct going_on_flags : batch_flags {
  std::string name;
  std::vector<std::string> tasks; ///< empty: all that fit
  bool failed = false;
};

using chosen = std::vector<accepted_task>;

std::vector<std::string> ids_of(const chosen& tasks) {
  std::vector<std::string> out;
  for (const auto& task : tasks)
    out.push_back(task.spec.id);
  return out;
}

/// What a verb does with a batch: changes its journal, says what is to run.
using beginning = std::function<result<chosen>(const journal_ptr&, accepted&,
                                               const going_on_flags&)>;

int go_on(const going_on_flags& flags, const settings& environment,
          const beginning& begin) {
  const auto how = prepare(flags, environment);
  if (!how)
    return complain(how.error());
  block_signals();
  auto begun = open_begun(how->options.folders.state, flags.name);
  if (!begun)
    return complain(begun.error());
  auto& [journal, all] = *begun;
  const auto todo = begin(journal, all, flags);
  if (!todo)
    return complain(todo.error());
  return run_batch(journal, all, *todo, *how);
}

result<chosen> resume(const journal_ptr&, accepted& all,
                      const going_on_flags& flags) {
  return choose(all, flags.tasks, is_open);
}

result<chosen> retry(const journal_ptr& journal, accepted& all,
                     const going_on_flags& flags) {
  auto again = choose(all, flags.tasks, [](const accepted_task& t) {
    return t.at == standing::failed || t.at == standing::cancelled;
  });
  if (!again)
    return again;
  const auto lost = spent_by(journal, *again);
  if (!lost)
    return lost.error();
  all.how.before += *lost;
  const auto ids = ids_of(*again);
  if (auto kept = set_standing(journal, all.how, ids, standing::waiting); !kept)
    return kept.error();
  const std::set<std::string> counted(ids.begin(), ids.end());
  for (auto& task : all.tasks)
    if (counted.contains(task.spec.id))
      task.outcome.reset();
  return again;
}

result<chosen> apply(const journal_ptr& journal, accepted& all,
                     const going_on_flags& flags) {
  auto ready = choose(all, flags.tasks, [](const accepted_task& t) {
    return t.at == standing::planned;
  });
  if (!ready)
    return ready;
  all.how.planning = false;
  if (auto kept = set_terms(journal, all.how); !kept)
    return kept.error();
  return ready;
}

int cancel(const going_on_flags& flags, const settings& environment) {
  const auto how = prepare(flags, environment);
  if (!how)
    return complain(how.error());
  auto begun = open_begun(how->options.folders.state, flags.name);
  if (!begun)
    return complain(begun.error());
  auto& [journal, all] = *begun;
  const auto open = choose(all, flags.tasks, is_open);
  if (!open)
    return complain(open.error());
  const auto lost = spent_by(journal, *open);
  if (!lost)
    return complain(lost.error());
  all.how.before += *lost;
  if (const auto kept =
        set_standing(journal, all.how, ids_of(*open), standing::cancelled);
      !kept)
    return complain(kept.error());
  const auto folder = folder_of(how->options.folders.state, flags.name);
  if (const auto told = log_cancelled(folder, ids_of(*open)); !told)
    return complain(told.error());
  const auto n = open->size();
  log_line(log_level::info,
           n == 0 ? "no task was open, so none is cancelled"
                  : std::to_string(n) + (n == 1 ? " task" : " tasks") +
                      " cancelled; `pj batch retry " + all.how.name +
                      " --failed` takes up again what did not end well");
  return 0;
}

struct verb {
  const char* name;
  const char* what;
  beginning begin;
};

CLI::App* add_verb(CLI::App& batch, const char* name, const char* what,
                   const std::shared_ptr<going_on_flags>& flags) {
  auto* out = batch.add_subcommand(name, what);
  out->add_option("NAME", flags->name, "The batch's name")->required();
  out->add_option("--task", flags->tasks, "Only this task (may be repeated)");
  out->add_option("--config", flags->settings.config_file,
                  "Configuration file (YAML)");
  out->add_option("--format", flags->format,
                  "Of the summary: text, json, jsonl, junit, markdown");
  return out;
}

} // namespace

void add_going_on(CLI::App& batch, const settings& environment,
                  int& exit_code) {
  const verb verbs[] = {
    {"resume", "Go on with a batch that was interrupted", resume},
    {"apply", "Publish what `pj batch plan` made ready", apply},
  };
  for (const auto& v : verbs) {
    const auto flags = std::make_shared<going_on_flags>();
    add_verb(batch, v.name, v.what, flags)
      ->callback([flags, begin = v.begin, &environment, &exit_code] {
        exit_code = go_on(*flags, environment, begin);
      });
  }
  const auto again = std::make_shared<going_on_flags>();
  auto* retry_verb =
    add_verb(batch, "retry", "Try tasks again that failed", again);
  retry_verb->add_flag("--failed", again->failed,
                       "All that failed or were cancelled");
  retry_verb->callback([again, &environment, &exit_code] {
    if (again->failed == again->tasks.empty())
      exit_code = go_on(*again, environment, retry);
    else
      exit_code = complain(
        configuration_failure("say what to try again: --failed, or --task ID"));
  });
  const auto ending = std::make_shared<going_on_flags>();
  add_verb(batch, "cancel",
           "Give up what has not ended, of a batch nobody works on", ending)
    ->callback([ending, &environment, &exit_code] {
      exit_code = cancel(*ending, environment);
    });
}

} // namespace pj::batch
