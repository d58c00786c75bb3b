#include "apps/pj/run.hpp"

#include "adapters/log.hpp"
#include "apps/pj/model_file.hpp"
#include "apps/pj/report.hpp"
#include "apps/pj/run_task.hpp"
#include "apps/pj/task_files.hpp"
#include "apps/pj/task_options.hpp"
#include "core/prompt/window.hpp"
#include "core/spec/cache_limits.hpp"
#include "core/text.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace pj {

namespace {

constexpr auto* footer = R"(
In brackets: the environment variable that does the same (flags win), and what
counts without either; in small letters a key of the configuration file.
Secrets come from the environment or a private configuration file only:
OPENAI_API_KEY, ANTHROPIC_API_KEY or OPENROUTER_API_KEY; GITHUB_TOKEN;
WEBHOOK_SECRET. `pj config` shows what is in force, `pj doctor` tries it;
`pj --help` has what every verb takes (-q, -v).

Examples (with OPENAI_API_KEY set):
  pj run --repo https://github.com/octocat/Hello-World --task-id hello \
         --prompt 'Say in README what this repository is for' --dry-run
  cd a-git-repository && pj run --repo "file://$PWD" --task-id typos \
         --prompt 'Fix the typos in README.md' --skip-push

Exit codes:
  0    done, also when push or pull request were skipped on request
  1    the task failed
  2    the environment or the options are wrong
  3    the model's change could not be applied: a person should look
  4    validation failed; everything was rolled back
  5    a budget was reached
  124  the deadline passed
  130  interrupted by SIGINT or SIGTERM)";

struct run_flags {
  task_options task;
  bool json = false;
};

int refuse(const settings& known, bool json, failure why) {
  why.code = failure_code::configuration;
  for (auto line : split(why.what, '\n'))
    log_line(log_level::error, line);
  const auto target = read_event_target(known);
  if (json)
    print_unusable(target.task, target.branch, why);
  report_unusable(target, why.what);
  return 2;
}

/// A prompt that fills the model's window needs no repository to be refused.
result<done> check_length(const task_input& input, const run_options& options) {
  prompt::request what;
  what.task = input.spec.prompt;
  what.system = options.system_prompt;
  what.model = options.models.find(input.spec.provider, input.spec.model);
  return prompt::check_length(what);
}

int run(const run_flags& flags, const settings& environment) {
  auto folders = find_user_folders(environment);
  if (!folders)
    return refuse(environment, flags.json, folders.error());
  auto known = settings_in_force(flags.task, environment);
  if (!known)
    return refuse(environment, flags.json, known.error());
  auto models = load_models(*folders);
  if (!models)
    return refuse(*known, flags.json, models.error());
  auto limits = read_cache_limits(*known);
  if (!limits)
    return refuse(*known, flags.json, limits.error());
  auto input = read_task(*known, *models);
  if (!input)
    return refuse(*known, flags.json, input.error());
  if (auto read = read_task_files(*input); !read)
    return refuse(*known, flags.json, read.error());
  run_options options{*folders, *limits,    *models,
                      {},       flags.json, !log_shows(log_level::info)};
  auto system_prompt = read_system_prompt(input->spec.system_prompt_path);
  if (!system_prompt)
    return refuse(*known, flags.json, system_prompt.error());
  options.system_prompt = std::move(*system_prompt);
  if (const auto fits = check_length(*input, options); !fits)
    return refuse(*known, flags.json, fits.error());
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
  verb
    ->add_flag("--json", flags->json,
               "The result object on standard output, nothing else")
    ->group("Behaviour");
  verb->footer(footer);
  verb->callback([flags, &environment, &exit_code] {
    exit_code = run(*flags, environment);
  });
}

} // namespace pj
