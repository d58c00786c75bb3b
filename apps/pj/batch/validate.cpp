#include "apps/pj/batch/validate.hpp"

#include "adapters/log.hpp"
#include "apps/pj/batch/begun.hpp"
#include "apps/pj/batch/lister.hpp"
#include "apps/pj/batch/preview.hpp"
#include "apps/pj/model_file.hpp"
#include "apps/pj/task_options.hpp"
#include "core/text.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

namespace pj::batch {

namespace {

struct validate_flags {
  std::string spec;
  task_options settings; ///< the configuration file
  bool json = false;
  std::size_t show = 5;
};

int validate(const validate_flags& flags, const settings& environment) {
  const auto in_force = settings_in_force(flags.settings, environment);
  if (!in_force)
    return complain(in_force.error());
  const auto folders = find_user_folders(environment);
  if (!folders)
    return complain(folders.error());
  const auto models = load_models(*folders);
  if (!models)
    return complain(models.error());
  problem_log problems;
  const auto lister = make_lister(*in_force);
  const auto batch =
    load_batch(flags.spec, *in_force, *models, *lister, problems);
  for (const auto& line : problems.lines())
    log_line(log_level::error, line);
  for (const auto* lines : {&batch.list.warnings, &batch.list.missing})
    for (const auto& line : *lines)
      log_line(log_level::warning, line);
  if (flags.json)
    std::cout << preview_json(batch, problems, flags.show) << '\n';
  else if (problems.empty())
    std::cout << preview_text(batch, flags.show);
  return problems.empty() ? 0 : 2;
}

} // namespace

void add_validate(CLI::App& batch, const settings& environment,
                  int& exit_code) {
  auto* verb = batch.add_subcommand(
    "validate", "Say what a batch would do, or all that is wrong with it");
  const auto flags = std::make_shared<validate_flags>();
  verb
    ->add_option("SPEC", flags->spec,
                 "The batch (YAML), or a file of tasks (.jsonl); - is standard "
                 "input")
    ->required();
  verb->add_option("--show", flags->show, "How many tasks are shown (5)");
  verb->add_flag("--json", flags->json, "For machines");
  verb->add_option("--config", flags->settings.config_file,
                   "Configuration file (YAML)");
  verb->footer("Reads the spec and the files it names, and lists what GitHub "
               "is to list; asks no\nmodel and changes nothing.\n\nExit codes: "
               "0 well, 2 something is wrong.");
  verb->callback([flags, &environment, &exit_code] {
    exit_code = validate(*flags, environment);
  });
}

} // namespace pj::batch
