#include "core/spec/environment.hpp"

#include <algorithm>

namespace pj {

const std::vector<std::string_view>& contract_variables() {
  static const std::vector<std::string_view> names = {
    "TARGET_REPO",
    "TASK_ID",
    "AGENT_PROMPT",
    "BRANCH_NAME",
    "BASE_BRANCH",
    "MODEL_PROVIDER",
    "MODEL",
    "OPENAI_API_KEY",
    "ANTHROPIC_API_KEY",
    "OPENROUTER_API_KEY",
    "OPENAI_BASE_URL",
    "ANTHROPIC_BASE_URL",
    "OPENROUTER_BASE_URL",
    "GITHUB_TOKEN",
    "GITHUB_REPOSITORY",
    "GIT_AUTHOR_NAME",
    "GIT_AUTHOR_EMAIL",
    "PR_TITLE",
    "GITHUB_API_URL",
    "WEBHOOK_URL",
    "WEBHOOK_SECRET",
    "WORKSPACE_ID",
    "KEEP_ALIVE",
    "SKIP_PUSH_TO_REMOTE",
    "SKIP_PR_CREATION",
    "SYSTEM_PROMPT_PATH",
    "TASK_TIMEOUT_MINUTES",
    "ADD_CODERABBIT_CONFIG",
  };
  return names;
}

const std::vector<std::string_view>& further_settings() {
  static const std::vector<std::string_view> names = {
    "FALLBACK_MODEL",
    "MAX_COST_USD",
    "PR_DRAFT",
    "PR_LABELS",
    "PR_ASSIGNEES",
    "PR_REVIEWERS",
    "PR_TEAM_REVIEWERS",
    "PR_TEMPLATE_PATH",
    "FORK",
    "FORK_OWNER",
    "GITHUB_APP_ID",
    "GITHUB_APP_INSTALLATION_ID",
    "GITHUB_APP_KEY_PATH",
    "WEBHOOK_MAX_AGE_HOURS",
  };
  return names;
}

const std::vector<std::string_view>& list_settings() {
  static const std::vector<std::string_view> names = {
    "PR_LABELS", "PR_ASSIGNEES", "PR_REVIEWERS", "PR_TEAM_REVIEWERS"};
  return names;
}

const std::vector<std::string_view>& engine_variables() {
  static const std::vector<std::string_view> names = {"PJ_CACHE_MAX_GB",
                                                      "PJ_CACHE_MAX_DAYS"};
  return names;
}

bool is_secret_variable(std::string_view name) noexcept {
  return name.ends_with("_API_KEY") || name == "GITHUB_TOKEN" ||
         name == "WEBHOOK_SECRET";
}

} // namespace pj
