#include "apps/pj/batch/begun.hpp"
#include "apps/pj/batch/lister.hpp"
#include "apps/pj/batch/load.hpp"
#include "apps/pj/batch/verbs.hpp"

#include "adapters/log.hpp"
#include "apps/pj/signals.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

namespace pj::batch {

namespace {

struct beginning_flags : batch_flags {
  std::string spec;
  bool planning = false;
};

accepted accepted_from(const loaded_batch& from, bool planning) {
  accepted out;
  out.how.name = from.what.name;
  out.how.planning = planning;
  out.how.at_once = from.what.limits.concurrency;
  out.how.max_cost = from.what.limits.batch_cost;
  out.how.max_tokens = from.what.limits.batch_tokens;
  out.how.max_open_prs = from.what.limits.max_open_prs;
  auto tasks = from.list.tasks;
  std::stable_sort(
    tasks.begin(), tasks.end(),
    [](const task& a, const task& b) { return a.priority > b.priority; });
  for (auto& one : tasks) {
    one.spec.base_commit = one.commit;
    one.spec.dry_run = planning;
    one.spec.conflict = from.what.conflict;
    if (const auto& usd = from.what.limits.task_cost)
      one.spec.max_cost_usd = *usd;
    one.spec.max_tokens = from.what.limits.task_tokens.value_or(0);
    out.tasks.push_back({*work_of(std::move(one.spec)).spec, {}, {}});
  }
  return out;
}

int tell(const problem_log& problems) {
  for (const auto& line : problems.lines())
    log_line(log_level::error, line);
  return 2;
}

int tell(const std::vector<std::string>& lines) {
  for (const auto& line : lines)
    log_line(log_level::error, line);
  return 2;
}

/// The lister's thread ends with this.
loaded_batch read(const std::string& spec, const run_how& how,
                  problem_log& problems) {
  const auto lister = make_lister(how.known);
  return load_batch(spec, how.known, how.options.models, *lister, problems);
}

int begin(const beginning_flags& flags, const settings& environment) {
  const auto how = prepare(flags, environment);
  if (!how)
    return complain(how.error());
  problem_log problems;
  const auto batch = read(flags.spec, *how, problems);
  if (!problems.empty())
    return tell(problems);
  if (!batch.list.missing.empty()) // no task would end well
    return tell(batch.list.missing);
  for (const auto& line : batch.list.warnings)
    log_line(log_level::warning, line);
  block_signals();
  const auto& state = how->options.folders.state;
  const auto journal =
    open_store(folder_of(state, batch.what.name) / "journal.db");
  if (!journal)
    return complain(journal.error());
  if (const auto kept = accept(*journal, accepted_from(batch, flags.planning));
      !kept)
    return complain(kept.error());
  const auto all = load(*journal);
  if (!all)
    return complain(all.error());
  auto todo = all->tasks;
  std::erase_if(todo, [&](const accepted_task& t) {
    return !is_open(t) && (flags.planning || t.at != standing::planned);
  });
  return run_batch(*journal, *all, todo, *how);
}

void add_verb(CLI::App& batch, const char* name, const char* what,
              bool planning, const settings& environment, int& exit_code) {
  auto* verb = batch.add_subcommand(name, what);
  const auto flags = std::make_shared<beginning_flags>();
  flags->planning = planning;
  verb
    ->add_option("SPEC", flags->spec,
                 "The batch (YAML), or a file of tasks (.jsonl); - is standard "
                 "input")
    ->required();
  verb->add_option("--config", flags->settings.config_file,
                   "Configuration file (YAML)");
  verb->add_option("--format", flags->format,
                   "Of the summary: text, json, jsonl, junit, markdown");
  verb->footer(
    "Every task and step is in a journal before it takes effect: what was "
    "interrupted\ngoes on with `pj batch resume NAME`, and no answer is asked "
    "for twice.\n\nExit codes: 0 all good, 1 some failed, 2 the spec or the "
    "environment is wrong,\n5 the budget was reached, 75 interrupted and "
    "resumable, 130 ended at once.");
  verb->callback([flags, &environment, &exit_code] {
    exit_code = begin(*flags, environment);
  });
}

} // namespace

void add_beginning(CLI::App& batch, const settings& environment,
                   int& exit_code) {
  add_verb(batch, "run", "Do all tasks of a batch, up to the pull requests",
           false, environment, exit_code);
  add_verb(batch, "plan",
           "Make all changes ready and show them, publish nothing", true,
           environment, exit_code);
}

} // namespace pj::batch
