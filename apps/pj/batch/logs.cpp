#include "apps/pj/batch/begun.hpp"
#include "apps/pj/batch/chronicle.hpp"
#include "apps/pj/batch/verbs.hpp"

#include "core/text.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <memory>

namespace pj::batch {

namespace {

struct logs_flags {
  std::string name;
  std::string task; ///< empty: all
  bool json = false;
};

bool has_task(const accepted& all, const std::string& id) {
  return std::any_of(all.tasks.begin(), all.tasks.end(),
                     [&](const accepted_task& t) { return t.spec.id == id; });
}

int logs(const logs_flags& flags, const settings& environment) {
  const auto seen = look_at_begun(environment, flags.name);
  if (!seen)
    return complain(seen.error());
  if (!flags.task.empty() && !has_task(seen->all, flags.task))
    return complain(configuration_failure(
      "batch " + flags.name + " has no task " + printable(flags.task)));
  const auto path = log_of(seen->folder);
  if (!std::filesystem::exists(path))
    return complain(configuration_failure(
      "batch " + flags.name +
      " has no log yet: no task was begun since logs are kept"));
  const auto read = read_task_log(path, [&](const log_entry& x) {
    if (!flags.task.empty() && x.task != flags.task)
      return;
    const auto line = flags.json ? to_json(x) : shown(x, flags.task.empty());
    std::puts(line.c_str());
  });
  return read ? 0 : complain(read.error());
}

} // namespace

void add_logs(CLI::App& batch, const settings& environment, int& exit_code) {
  const auto flags = std::make_shared<logs_flags>();
  auto* verb = batch.add_subcommand(
    "logs", "Say what happened to a batch's tasks, line by line");
  verb->add_option("NAME", flags->name, "The batch's name")->required();
  verb->add_option("TASK", flags->task, "Only this task");
  verb->add_flag("--json", flags->json, "For machines: one object a line");
  verb->footer("Times are UTC. Also while the batch runs, and after a crash.");
  verb->callback([flags, &environment, &exit_code] {
    exit_code = logs(*flags, environment);
  });
}

} // namespace pj::batch
