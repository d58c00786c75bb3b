#include "apps/pj/batch/reach.hpp"

#include "apps/pj/task_files.hpp"
#include "core/llm/models.hpp"

namespace pj::batch {

/// It takes what a task takes, so a task is read that names nothing else.
result<task_input> reach_github(settings all) {
  all["TARGET_REPO"] = {"https://github.com/owner/repo", "TARGET_REPO"};
  all["TASK_ID"] = {"listing", "TASK_ID"};
  all["AGENT_PROMPT"] = {"list", "AGENT_PROMPT"};
  for (const char* other :
       {"MODEL_PROVIDER", "MODEL", "BRANCH_NAME", "BASE_BRANCH", "FORK_OWNER",
        "FORK", "WEBHOOK_URL", "PR_TEMPLATE_PATH"})
    all.erase(other);
  all["OPENAI_API_KEY"] = {"unset", "OPENAI_API_KEY"};
  auto out = read_task(all, llm::model_table::built_in());
  if (!out)
    return out;
  if (auto ok = read_task_files(*out); !ok)
    return std::move(ok).error();
  return out;
}

} // namespace pj::batch
