#include "core/batch/task_list.hpp"

#include "core/batch/glob.hpp"
#include "core/batch/repository_files.hpp"
#include "core/batch/repository_name.hpp"
#include "core/batch/task_maker.hpp"

#include <algorithm>
#include <utility>

namespace pj::batch {

namespace {

raw_task as_raw(const repository& from) {
  raw_task out;
  out.at = from.at;
  out.commit = from.commit;
  out.priority = from.priority;
  out.prompt = from.prompt;
  out.branch = from.branch;
  const auto put = [&](const char* name, const char* key,
                       const std::string& value) {
    if (!value.empty())
      out.settings[name] = {value, from.at, key};
  };
  put("TARGET_REPO", "url", from.url);
  put("BASE_BRANCH", "base", from.base);
  put("GITHUB_REPOSITORY", "github", from.github);
  put("MODEL_PROVIDER", "provider", from.provider);
  put("MODEL", "model", from.model);
  return out;
}

bool has_target(const repository& from, const repo_url& repo) {
  return !from.github.empty() ||
         (is_github_name(repo.owner) && is_github_name(repo.name));
}

bool any_matches(const std::vector<std::string>& patterns,
                 std::string_view name) {
  return std::any_of(patterns.begin(), patterns.end(), [name](auto& pattern) {
    return glob_matches(pattern, name);
  });
}

/// Why the filter leaves it out; empty when it does not.
std::string_view refusal(const repository_filter& filter, const repository& one,
                         std::string_view name) {
  if (!filter.include.empty() && !any_matches(filter.include, name))
    return "no pattern of include is its name";
  if (any_matches(filter.exclude, name))
    return "a pattern of exclude is its name";
  if (one.is_listed && one.is_fork && filter.skip_forks)
    return "it is a fork (skip_forks)";
  if (one.is_listed && one.is_archived && filter.skip_archived)
    return "it is archived (skip_archived)";
  return {};
}

} // namespace

task_list make_task_list(const spec& from,
                         const std::vector<repository>& repositories,
                         const settings& environment,
                         const llm::model_table& models,
                         problem_log& problems) {
  task_maker maker(from, environment, models, problems);
  for (const auto& one : repositories) {
    auto raw = as_raw(one);
    if (from.base.empty() && one.base.empty() && !one.default_branch.empty())
      raw.settings["BASE_BRANCH"] = {one.default_branch, one.at, "base"};
    const auto repo = parse_repo_url(one.url, false);
    if (repo && from.publish != publishing::no && !has_target(one, *repo))
      problems.add(one.at, "github",
                   "it is missing: " + repository_name(*repo) +
                     " does not say where the pull request goes; give "
                     "owner/repo");
    else
      maker.add(std::move(raw));
  }
  return maker.take();
}

std::vector<repository> choose(const repository_filter& filter,
                               std::vector<repository> from,
                               std::vector<left_out>& out,
                               problem_log& problems) {
  std::vector<repository> chosen;
  std::map<std::string, place> seen;
  for (auto& one : from) {
    const auto repo = parse_repo_url(one.url, false);
    const auto name = repo ? repository_name(*repo) : one.url;
    if (const auto why = refusal(filter, one, name); !why.empty()) {
      out.push_back({name, std::string(why)});
      continue;
    }
    const auto key = repo ? repository_key(*repo) : one.url;
    const auto [first, is_new] = seen.emplace(key + '\n' + one.base, one.at);
    if (is_new)
      chosen.push_back(std::move(one));
    else if (one.is_listed || first->second.file != one.at.file)
      out.push_back({name, to_string(first->second) + " names it already"});
    else
      problems.add(one.at, "url",
                   name + " is named twice, first at " +
                     to_string(first->second) +
                     ": keep one, or give them different bases");
  }
  return chosen;
}

} // namespace pj::batch
