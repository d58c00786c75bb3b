#include "apps/pj/defaults.hpp"

#include "core/llm/models.hpp"
#include "core/spec/environment.hpp"

#include <map>

namespace pj {

std::string default_of(std::string_view name, provider_id provider) {
  const task_spec usual;
  const std::map<std::string_view, std::string> texts = {
    {"BRANCH_NAME", "pj/{TASK_ID}"},
    {"BASE_BRANCH", usual.base},
    {"MODEL_PROVIDER", std::string(to_string(usual.provider))},
    {"MODEL", default_model(provider, llm::model_table::built_in())},
    {base_url_variable(provider), std::string(default_base_url(provider))},
    {"GITHUB_REPOSITORY", "as TARGET_REPO says"},
    {"GIT_AUTHOR_NAME", usual.author_name},
    {"GIT_AUTHOR_EMAIL", usual.author_email},
    {"PR_TITLE", "Pithy Jaunt: {TASK_ID}"},
    {"GITHUB_API_URL", "as TARGET_REPO says"},
    {"WORKSPACE_ID", usual.workspace},
    {"KEEP_ALIVE", "false"},
    {"SKIP_PUSH_TO_REMOTE", "false"},
    {"SKIP_PR_CREATION", "false"},
    {"SYSTEM_PROMPT_PATH", "built in"},
    {"TASK_TIMEOUT_MINUTES", "25"},
    {"ADD_CODERABBIT_CONFIG", "false"},
    {"PJ_CACHE_MAX_GB", "20"},
    {"PJ_CACHE_MAX_DAYS", "30"},
  };
  const auto found = texts.find(name);
  return found == texts.end() ? "" : found->second;
}

} // namespace pj
