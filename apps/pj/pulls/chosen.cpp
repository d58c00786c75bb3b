#include "apps/pj/pulls/chosen.hpp"

#include "apps/pj/batch/begun.hpp"
#include "apps/pj/batch/open_pulls.hpp"
#include "apps/pj/batch/reach.hpp"

#include <CLI/CLI.hpp>

namespace pj {

namespace {

/// The environment's token for the batch's GitHub.
result<task_secrets> secrets_for(const std::string& api,
                                 const pull_flags& flags,
                                 const settings& environment) {
  auto known = settings_in_force(flags.settings, environment);
  if (!known)
    return known.error();
  (*known)["GITHUB_API_URL"] = {api, "the batch"};
  auto input = batch::reach_github(*std::move(known));
  if (!input)
    return input.error();
  if (input->secrets.github_token.empty() && input->secrets.github_app.empty())
    return configuration_failure(
      "GITHUB_TOKEN is not set: GitHub tells of pull requests by a token");
  return std::move(input->secrets);
}

} // namespace

void add_pull_flags(CLI::App& verb, pull_flags& into) {
  verb.add_option("NAME", into.batch, "The batch's name")->required();
  verb.add_option("--task", into.tasks, "Only this task (may be repeated)");
  verb.add_option("--config", into.settings.config_file,
                  "Configuration file (YAML)");
}

result<chosen_pulls> choose_pulls(const pull_flags& flags,
                                  const settings& environment) {
  const auto begun = batch::look_at_begun(environment, flags.batch);
  if (!begun)
    return begun.error();
  auto some =
    batch::choose(begun->all, flags.tasks, [](auto&) { return true; });
  if (!some)
    return some.error();
  chosen_pulls out;
  for (auto& task : *some)
    if (batch::place_of(task).number > 0)
      out.tasks.push_back(std::move(task));
  out.without = some->size() - out.tasks.size();
  if (out.tasks.empty())
    return out;
  out.api = out.tasks.front().spec.github_api;
  auto secrets = secrets_for(out.api, flags, environment);
  if (!secrets)
    return secrets.error();
  out.secrets = *std::move(secrets);
  return out;
}

std::string shown_pull(const batch::accepted_task& task) {
  return batch::shown_repository(task.spec.repo) + '#' +
         std::to_string(batch::place_of(task).number);
}

} // namespace pj
