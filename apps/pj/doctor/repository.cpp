#include "apps/pj/doctor/repository.hpp"

#include "apps/pj/doctor/machine.hpp"
#include "core/url.hpp"

namespace pj {

findings check_repository(const task_input& task, git_port& git,
                          const process_port& process) {
  const auto& spec = task.spec;
  const git_remote_spec from{spec.repo.text, task.secrets.github_token};
  const auto tip = git.tip(from, spec.base, {});
  if (!tip)
    return {{"repository", verdict::wrong, tip.error().what},
            {"base branch", verdict::skipped, "the repository cannot be read"}};
  findings out{
    {"repository", verdict::good, shown_url(spec.repo.text) + " can be read"}};
  const auto base = git.fetch({from, spec.base, spec.base == "main"}, {});
  if (!base) {
    out.push_back({"base branch", verdict::wrong, base.error().what});
    return out;
  }
  out.push_back({"base branch", verdict::good,
                 base->base + " is at " + base->commit.substr(0, 10) +
                   ", and is in the cache now"});
  for (const auto& line : base->warnings)
    out.push_back({"base branch", verdict::note, line});
  out.push_back(check_check_tools(*base->tree, process));
  return out;
}

} // namespace pj
