#include "apps/pj/run.hpp"

#include "adapters/files.hpp"
#include "adapters/log.hpp"
#include "apps/pj/model_file.hpp"
#include "apps/pj/run_task.hpp"
#include "apps/pj/task_files.hpp"
#include "apps/pj/task_options.hpp"
#include "core/text.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace pj {

namespace {

constexpr std::size_t longest_system_prompt = 1u << 20;

struct run_flags {
  task_options task;
  bool json = false;
  bool quiet = false;
};

failure unusable(std::string what) {
  return {
    failure_class::fail, failure_code::configuration, std::move(what), {}, {}};
}

int refuse(const settings& known, const failure& why) {
  for (auto line : split(why.what, '\n'))
    log_line(log_level::error, line);
  report_unusable(read_event_target(known), why.what);
  return 2;
}

int run(const run_flags& flags, const settings& environment) {
  auto folders = find_user_folders(environment);
  if (!folders)
    return refuse(environment, folders.error());
  auto known = settings_in_force(flags.task, environment);
  if (!known)
    return refuse(environment, known.error());
  auto models = load_models(*folders);
  if (!models)
    return refuse(*known, models.error());
  auto input = read_task(*known, *models);
  if (!input)
    return refuse(*known, input.error());
  if (auto read = read_task_files(*input); !read)
    return refuse(*known, read.error());
  run_options options{*folders, *models, {}, flags.json, flags.quiet};
  if (const auto& path = input->spec.system_prompt_path; !path.empty()) {
    auto text = read_whole_file(path, longest_system_prompt);
    if (!text)
      return refuse(*known,
                    unusable("SYSTEM_PROMPT_PATH: " + text.error().what));
    options.system_prompt = std::move(*text);
  }
  for (const auto& line : input->warnings)
    log_line(log_level::warning, line);
  return run_task(*input, options);
}

} // namespace

void add_run(CLI::App& app, const settings& environment, int& exit_code) {
  auto* verb = app.add_subcommand(
    "run", "Do one task: prompt to pull request (from the environment)");
  const auto flags = std::make_shared<run_flags>();
  add_task_flags(*verb, flags->task);
  verb->add_flag("--json", flags->json,
                 "the result object on standard output, nothing else");
  verb->add_flag("--quiet", flags->quiet, "neither answer nor diff");
  verb->footer(
    "Every flag has a variable (in brackets); flags win. Keys and tokens come "
    "from the\nenvironment only: OPENAI_API_KEY, ANTHROPIC_API_KEY or "
    "OPENROUTER_API_KEY,\nGITHUB_TOKEN, WEBHOOK_SECRET.\n\n"
    "Exit codes: 0 success, 1 failed, 2 wrong environment, 3 the change could "
    "not be\napplied, 4 validation failed, 5 budget reached, 124 deadline, 130 "
    "interrupted.\n\n"
    "Example:\n  pj run --repo https://github.com/acme/shop --task-id t1 \\\n"
    "         --prompt 'Add a health check endpoint' --dry-run");
  verb->callback([flags, &environment, &exit_code] {
    exit_code = run(*flags, environment);
  });
}

} // namespace pj
