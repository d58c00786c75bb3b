#include "apps/pj/task_options.hpp"

#include "adapters/environment.hpp"
#include "adapters/files.hpp"
#include "adapters/log.hpp"
#include "core/spec/settings.hpp"
#include "core/text.hpp"

#include <CLI/CLI.hpp>

#include <array>

namespace pj {

namespace {

constexpr std::size_t longest_prompt_file = (16u << 20) + 4096;

struct flag_name {
  const char* flag;
  const char* variable;
  const char* help;
};

constexpr std::array valued = {
  flag_name{"--repo", "TARGET_REPO", "Repository URL"},
  flag_name{"--task-id", "TASK_ID", "Unique id of the task"},
  flag_name{"--prompt", "AGENT_PROMPT", "What to do"},
  flag_name{"--branch", "BRANCH_NAME", "Branch to create (pj/TASK_ID)"},
  flag_name{"--base", "BASE_BRANCH", "Branch to start from (main)"},
  flag_name{"--provider", "MODEL_PROVIDER", "openai, anthropic or openrouter"},
  flag_name{"--model", "MODEL", "Model name (gpt-4o)"},
  flag_name{"--openai-base-url", "OPENAI_BASE_URL", "Compatible server"},
  flag_name{"--anthropic-base-url", "ANTHROPIC_BASE_URL", "Compatible server"},
  flag_name{"--openrouter-base-url", "OPENROUTER_BASE_URL",
            "Compatible server"},
  flag_name{"--github-repository", "GITHUB_REPOSITORY",
            "owner/repo for the pull request"},
  flag_name{"--github-api-url", "GITHUB_API_URL",
            "API of an own GitHub server"},
  flag_name{"--author-name", "GIT_AUTHOR_NAME", "Author of the commit"},
  flag_name{"--author-email", "GIT_AUTHOR_EMAIL", "Author of the commit"},
  flag_name{"--title", "PR_TITLE", "Title of commit and pull request"},
  flag_name{"--webhook-url", "WEBHOOK_URL", "Where events go"},
  flag_name{"--workspace-id", "WORKSPACE_ID", "Id echoed in events"},
  flag_name{"--system-prompt", "SYSTEM_PROMPT_PATH",
            "File that replaces the built-in system prompt"},
  flag_name{"--pr-template", "PR_TEMPLATE_PATH",
            "File with the pull request's body; {{prompt}} and the like are "
            "filled in"},
  flag_name{"--fork-owner", "FORK_OWNER",
            "Organization to fork to (implies --fork)"},
  flag_name{"--github-app-id", "GITHUB_APP_ID",
            "Act as this GitHub App instead of with GITHUB_TOKEN"},
  flag_name{"--github-app-installation-id", "GITHUB_APP_INSTALLATION_ID",
            "Where the GitHub App is installed"},
  flag_name{"--github-app-key", "GITHUB_APP_KEY_PATH",
            "The GitHub App's private key file (PEM)"},
  flag_name{"--timeout-minutes", "TASK_TIMEOUT_MINUTES",
            "Deadline for the whole task (25)"},
};

constexpr std::array lists = {
  flag_name{"--label", "PR_LABELS", "Label of the pull request"},
  flag_name{"--assignee", "PR_ASSIGNEES", "Assignee of the pull request"},
  flag_name{"--reviewer", "PR_REVIEWERS", "Reviewer of the pull request"},
  flag_name{"--team-reviewer", "PR_TEAM_REVIEWERS",
            "Team that reviews the pull request"},
};

constexpr std::array switches = {
  flag_name{"--keep-alive", "KEEP_ALIVE", "Stay 15 minutes for debugging"},
  flag_name{"--skip-push", "SKIP_PUSH_TO_REMOTE", "Stop before the push"},
  flag_name{"--skip-pr", "SKIP_PR_CREATION", "Stop before the pull request"},
  flag_name{"--add-coderabbit-config", "ADD_CODERABBIT_CONFIG",
            "Add a .coderabbit.yaml where there is none"},
  flag_name{"--draft", "PR_DRAFT", "Open the pull request as a draft"},
  flag_name{"--fork", "FORK",
            "Push to a fork of the token's owner, made when it is missing"},
  flag_name{"--dry-run", "DRY_RUN",
            "Everything but commit, push and pull request; print the diff"},
};

std::string joined(const std::vector<std::string>& values) {
  std::string out;
  for (const auto& value : values)
    out += (out.empty() ? "" : ",") + value;
  return out;
}

/// The prompt file's text as a setting; nothing when none was named.
result<settings> read_prompt_file(const std::string& name) {
  if (name.empty())
    return settings();
  auto text = read_whole_file(name, longest_prompt_file);
  if (!text) {
    text.error().what = "--prompt-file " + text.error().what;
    return std::move(text).error();
  }
  return settings{{"AGENT_PROMPT", {*std::move(text), "--prompt-file"}}};
}

} // namespace

void add_task_flags(CLI::App& verb, task_options& into) {
  for (const auto& f : valued)
    verb.add_option_function<std::string>(
      f.flag,
      [&into, f](const std::string& value) {
        into.flags[f.variable] = {value, f.flag};
      },
      f.help);
  for (const auto& f : lists)
    verb
      .add_option_function<std::vector<std::string>>(
        f.flag,
        [&into, f](const std::vector<std::string>& values) {
          into.flags[f.variable] = {joined(values), f.flag};
        },
        std::string(f.help) + "; may be given again")
      ->allow_extra_args(false);
  for (const auto& f : switches)
    verb.add_flag_function(
      f.flag,
      [&into, f](std::int64_t) {
        into.flags[f.variable] = {"true", f.flag};
      },
      f.help);
  verb
    .add_option("--prompt-file", into.prompt_file,
                "File that says what to do; - reads standard input")
    ->excludes("--prompt");
  verb.add_option("--config", into.config_file, "Configuration file (YAML)");
}

result<settings> settings_in_force(const task_options& options,
                                   const settings& environment) {
  auto prompt = read_prompt_file(options.prompt_file);
  if (!prompt)
    return prompt;
  const auto own = user_config_file(environment);
  auto named = options.config_file.empty()
                 ? settings()
                 : load_settings_file(options.config_file, false);
  if (!named)
    return named;
  auto usual = own.empty() ? settings() : load_settings_file(own, true);
  if (!usual)
    return usual;
  auto out = merged({&options.flags, &*prompt, &environment, &*named, &*usual});
  for (const auto& [name, s] : out)
    if (is_secret_variable(name))
      add_log_secret(trimmed(s.value));
  return out;
}

std::string user_config_file(const settings& environment) {
  const auto folders = find_user_folders(environment);
  return folders ? (folders->config / "config.yaml").string() : "";
}

} // namespace pj
