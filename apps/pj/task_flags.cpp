#include "apps/pj/defaults.hpp"
#include "apps/pj/task_options.hpp"
#include "core/text.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <vector>

namespace pj {

namespace {

enum class takes : std::uint8_t { value, values, nothing };

struct flag_name {
  const char* group;
  takes what;
  const char* flag;
  const char* variable;
  const char* value; ///< what stands for it in the help
  const char* help;
};

constexpr auto one = takes::value;
constexpr auto many = takes::values;
constexpr auto on = takes::nothing;

constexpr std::array names = {
  flag_name{"Task", one, "--repo", "TARGET_REPO", "URL",
            "Repository to change; required"},
  flag_name{"Task", one, "--task-id", "TASK_ID", "ID",
            "Unique name of the task; required"},
  flag_name{"Task", one, "--prompt", "AGENT_PROMPT", "TEXT",
            "What to do; required"},
  flag_name{"Task", one, "--branch", "BRANCH_NAME", "NAME", "Branch to create"},
  flag_name{"Task", one, "--base", "BASE_BRANCH", "NAME",
            "Branch to start from"},
  flag_name{"Task", one, "--timeout-minutes", "TASK_TIMEOUT_MINUTES", "N",
            "Deadline for the whole task"},
  flag_name{"Model", one, "--provider", "MODEL_PROVIDER", "NAME",
            "openai, anthropic or openrouter"},
  flag_name{"Model", one, "--model", "MODEL", "NAME", "Model name"},
  flag_name{"Model", one, "--fallback-model", "FALLBACK_MODEL",
            "PROVIDER/MODEL", "Asked once when the model cannot answer"},
  flag_name{"Model", one, "--max-cost", "MAX_COST_USD", "USD",
            "Most that all answers may cost; exit 5 then"},
  flag_name{"Model", one, "--openai-base-url", "OPENAI_BASE_URL", "URL",
            "Compatible server"},
  flag_name{"Model", one, "--anthropic-base-url", "ANTHROPIC_BASE_URL", "URL",
            "Compatible server"},
  flag_name{"Model", one, "--openrouter-base-url", "OPENROUTER_BASE_URL", "URL",
            "Compatible server"},
  flag_name{"Model", one, "--system-prompt", "SYSTEM_PROMPT_PATH", "FILE",
            "In place of the built-in one"},
  flag_name{"Commit and pull request", one, "--title", "PR_TITLE", "TEXT",
            "Of both"},
  flag_name{"Commit and pull request", one, "--author-name", "GIT_AUTHOR_NAME",
            "NAME", "Author of the commit"},
  flag_name{"Commit and pull request", one, "--author-email",
            "GIT_AUTHOR_EMAIL", "ADDRESS", "Author of the commit"},
  flag_name{"Commit and pull request", one, "--pr-template", "PR_TEMPLATE_PATH",
            "FILE", "Its body; {{prompt}} and the like are filled in"},
  flag_name{"Commit and pull request", on, "--draft", "PR_DRAFT", "",
            "Open it as a draft"},
  flag_name{"Commit and pull request", many, "--label", "PR_LABELS", "NAME",
            "Label; may be given again"},
  flag_name{"Commit and pull request", many, "--assignee", "PR_ASSIGNEES",
            "NAME", "Assignee; may be given again"},
  flag_name{"Commit and pull request", many, "--reviewer", "PR_REVIEWERS",
            "NAME", "Reviewer; may be given again"},
  flag_name{"Commit and pull request", many, "--team-reviewer",
            "PR_TEAM_REVIEWERS", "NAME",
            "Team that reviews; may be given again"},
  flag_name{"Commit and pull request", on, "--add-coderabbit-config",
            "ADD_CODERABBIT_CONFIG", "",
            "Add a .coderabbit.yaml where there is none"},
  flag_name{"GitHub", one, "--github-repository", "GITHUB_REPOSITORY",
            "OWNER/REPO", "Where the pull request goes"},
  flag_name{"GitHub", one, "--github-api-url", "GITHUB_API_URL", "URL",
            "API of an own GitHub server"},
  flag_name{"GitHub", on, "--fork", "FORK", "",
            "Push to a fork of the token's owner"},
  flag_name{"GitHub", one, "--fork-owner", "FORK_OWNER", "NAME",
            "Organization to fork to; implies --fork"},
  flag_name{"GitHub", one, "--github-app-id", "GITHUB_APP_ID", "ID",
            "Act as this App, not with GITHUB_TOKEN"},
  flag_name{"GitHub", one, "--github-app-installation-id",
            "GITHUB_APP_INSTALLATION_ID", "ID", "Where the App is installed"},
  flag_name{"GitHub", one, "--github-app-key", "GITHUB_APP_KEY_PATH", "FILE",
            "The App's private key (PEM)"},
  flag_name{"Webhook", one, "--webhook-url", "WEBHOOK_URL", "URL",
            "Where events go; none are sent without"},
  flag_name{"Webhook", one, "--webhook-max-age-hours", "WEBHOOK_MAX_AGE_HOURS",
            "N", "Give up failed events that are older"},
  flag_name{"Webhook", one, "--workspace-id", "WORKSPACE_ID", "ID",
            "Echoed in events"},
  flag_name{"Behaviour", on, "--dry-run", "DRY_RUN", "",
            "Print the diff; no commit, push, pull request"},
  flag_name{"Behaviour", on, "--skip-push", "SKIP_PUSH_TO_REMOTE", "",
            "Stop before the push"},
  flag_name{"Behaviour", on, "--skip-pr", "SKIP_PR_CREATION", "",
            "Stop before the pull request"},
  flag_name{"Behaviour", on, "--keep-alive", "KEEP_ALIVE", "",
            "Stay 15 minutes for debugging"},
};

/// "VARIABLE: default", or the key of the configuration file where no variable
/// is read.
std::string other_way(const std::string& variable) {
  const auto& further = further_settings();
  if (std::find(further.begin(), further.end(), variable) != further.end())
    return lowered(variable);
  const auto usual = variable.ends_with("_BASE_URL")
                       ? "the provider's own"
                       : default_of(variable, provider_id::openai);
  return variable + (usual.empty() ? "" : ": ") + usual;
}

/// The help text and the other way, on a line of its own when both do not fit
/// into a terminal's 80 columns.
std::string described(const flag_name& f) {
  constexpr std::size_t room = 80 - 30; // CLI11's first column
  const std::string help = f.help;
  if (f.variable == std::string_view("DRY_RUN"))
    return help; // only a flag sets it
  const auto more = "[" + other_way(f.variable) + "]";
  const bool fits = help.size() + 1 + more.size() <= room;
  return help + (fits ? " " : "\n") + more;
}

std::string joined(const std::vector<std::string>& values) {
  std::string out;
  for (const auto& value : values)
    out += (out.empty() ? "" : ",") + value;
  return out;
}

/// CLI11's own puts "Excludes: …" between an option and its help.
struct plain_help : CLI::Formatter {
  std::string make_option_opts(const CLI::Option* option) const override {
    const auto name = option->get_type_name();
    return name.empty() ? "" : " " + name;
  }
};

CLI::Option* add_flag(CLI::App& verb, task_options& into, const flag_name& f) {
  const auto set = [&into, f](const std::string& value) {
    into.flags[f.variable] = {value, f.flag};
  };
  if (f.what == takes::nothing)
    return verb.add_flag_function(
      f.flag, [set](std::int64_t) { set("true"); }, described(f));
  if (f.what == takes::value)
    return verb.add_option_function<std::string>(f.flag, set, described(f))
      ->type_name(f.value);
  return verb
    .add_option_function<std::vector<std::string>>(
      f.flag,
      [set](const std::vector<std::string>& values) { set(joined(values)); },
      described(f))
    ->allow_extra_args(false)
    ->type_name(f.value);
}

} // namespace

void add_task_flags(CLI::App& verb, task_options& into) {
  verb.formatter(std::make_shared<plain_help>());
  for (const auto& f : names)
    add_flag(verb, into, f)->group(f.group);
  verb
    .add_option("--prompt-file", into.prompt_file,
                "What to do, from a file; - is standard input")
    ->type_name("FILE")
    ->check(
      [](const std::string& name) {
        return std::string(name.empty() ? "names no file" : "");
      },
      "")
    ->group("Task")
    ->excludes("--prompt");
  verb
    .add_option("--config", into.config_file,
                "Settings in YAML [~/.config/pj/config.yaml]")
    ->type_name("FILE")
    ->group("Behaviour");
}

} // namespace pj
