#include "core/batch/task_maker.hpp"

#include "core/batch/repository_name.hpp"
#include "core/batch/templates.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace pj::batch {

namespace {

constexpr std::uint64_t most_prompt_bytes = 512u << 20;

/// What the environment may say of one task only, and what a spec decides.
constexpr std::array<std::string_view, 12> not_of_the_environment = {
  "TARGET_REPO",      "TASK_ID",           "AGENT_PROMPT",
  "BRANCH_NAME",      "BASE_BRANCH",       "PR_TITLE",
  "KEEP_ALIVE",       "GITHUB_REPOSITORY", "SKIP_PUSH_TO_REMOTE",
  "SKIP_PR_CREATION", "PR_DRAFT",          "DRY_RUN"};

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names)
    out += (out.empty() ? "" : ",") + name;
  return out;
}

/// What the spec says of every task, by the contract's names.
settings said_by(const spec& from) {
  const bool stays = from.publish == publishing::no;
  const auto& extras = from.pr_extras;
  const auto source = to_string(from.at);
  settings out = {
    {"BASE_BRANCH", {from.base, source}},
    {"MODEL_PROVIDER", {from.provider, source}},
    {"MODEL", {from.model, source}},
    {"PR_LABELS", {joined(extras.labels), source}},
    {"PR_ASSIGNEES", {joined(extras.assignees), source}},
    {"PR_REVIEWERS", {joined(extras.reviewers), source}},
    {"PR_TEAM_REVIEWERS", {joined(extras.team_reviewers), source}},
    {"SKIP_PUSH_TO_REMOTE", {stays ? "true" : "", source}},
    {"PR_DRAFT", {from.publish == publishing::draft ? "true" : "", source}},
  };
  std::erase_if(out, [](const auto& s) { return s.second.value.empty(); });
  return out;
}

void put_once(std::vector<std::string>& lines, const std::string& line) {
  if (std::find(lines.begin(), lines.end(), line) == lines.end())
    lines.push_back(line);
}

} // namespace

task_maker::task_maker(const spec& from, const settings& environment,
                       const llm::model_table& models, problem_log& problems)
  : spec_(from), models_(models), problems_(problems) {
  common_ = environment;
  for (const auto name : not_of_the_environment)
    common_.erase(std::string(name));

  // A model belongs to its provider.
  if (!from.provider.empty())
    common_.erase("MODEL");
  if (!from.body.text.empty())
    common_.erase("PR_TEMPLATE_PATH");
  for (auto& [name, value] : said_by(from))
    common_[name] = std::move(value);
}

void task_maker::add(raw_task one) {
  auto& target = one.settings["TARGET_REPO"];
  auto repo = parse_repo_url(target.value, false);
  if (!repo) {
    problems_.add(target.at.file.empty() ? one.at : target.at, target.key,
                  target.value.empty()
                    ? "TARGET_REPO is missing: name the repository"
                    : repo.error().what);
    return;
  }
  const auto before = problems_.count();
  fill_in(one, *repo);
  if (problems_.count() > before)
    return;
  auto made = read_task(in_force(one), models_);
  if (made)
    keep(std::move(one), *std::move(made), *repo);
  else
    note(one, made.error());
}

void task_maker::give_id(raw_task& one, const repo_url& repo) const {
  auto& id = one.settings["TASK_ID"];
  if (!id.value.empty())
    return;
  const auto base = one.settings.find("BASE_BRANCH");
  auto rest = base == one.settings.end() ? "" : base->second.value;
  if (!one.distinction.empty())
    rest += '\n' + one.distinction;
  id = {task_id_for(spec_.name, repo, rest), one.at, "name"};
}

void task_maker::fill_in(raw_task& one, const repo_url& repo) {
  give_id(one, repo);
  const auto fill = [&](const char* name, const char* key,
                        const text_template& from) {
    if (from.text.empty() || one.settings.count(name) > 0)
      return;
    const template_values values{repo, one.commit, spec_.name,
                                 one.settings["TASK_ID"].value};
    one.settings[name] = {
      fill_template(from, false, values, one.at, key, problems_), from.at, key};
  };
  fill("AGENT_PROMPT", "prompt",
       one.prompt.text.empty() ? spec_.prompt : one.prompt);
  fill("BRANCH_NAME", "branch",
       one.branch.text.empty() ? spec_.branch : one.branch);
  fill("PR_TITLE", "pr.title", spec_.title);
}

settings task_maker::in_force(const raw_task& one) {
  auto out = common_;
  if (one.settings.count("MODEL_PROVIDER") > 0)
    out.erase("MODEL");
  for (const auto& [name, s] : one.settings)
    if (!s.value.empty())
      out[name] = {s.value, to_string(s.at)};
  stand_in_for_key(out);
  return out;
}

/// A batch is checked without keys, too: what is unset is told, not refused.
void task_maker::stand_in_for_key(settings& all) {
  const auto named = all.find("MODEL_PROVIDER");
  const auto provider =
    named == all.end() ? provider_id::openai
                       : provider_from(lowered(trimmed(named->second.value)));
  if (!provider)
    return;
  const std::string key(key_variable(*provider));
  const auto found = all.find(key);
  if (found != all.end() && !trimmed(found->second.value).empty())
    return;
  all[key] = {"unset", key};
  put_once(out_.missing, key + " is not set: it is the key of provider " +
                           std::string(to_string(*provider)));
}

void task_maker::note(const raw_task& one, const failure& why) {
  const auto& id = one.settings.find("TASK_ID")->second.value;
  for (const auto line : split(why.what, '\n')) {
    const auto said_so = [line](const auto& s) {
      return line.starts_with(to_string(s.second.at) + ": " + s.first + " is ");
    };
    const auto own =
      std::find_if(one.settings.begin(), one.settings.end(), said_so);
    if (own != one.settings.end()) {
      const auto& [name, s] = *own;
      const auto rest =
        line.substr(to_string(s.at).size() + name.size() + 6); // ": ", " is "
      problems_.add(s.at, s.key, std::string(rest) + " (task " + id + ')');
    } else if (line.find(" is not set: ") != line.npos) {
      problems_.add(one.at, "", line);
    } else if (told_.emplace(line).second) {
      problems_.add({}, "", line);
    }
  }
}

void task_maker::keep(raw_task one, task_input made, const repo_url& repo) {
  auto& spec = made.spec;
  bytes_ += spec.prompt.size();
  if (bytes_ > most_prompt_bytes && told_.emplace("bytes").second)
    problems_.add(one.at, "",
                  "the prompts of all tasks together have more "
                  "than 512 MiB: split the batch");
  if (out_.tasks.size() == most_tasks_of_batch && told_.emplace("tasks").second)
    problems_.add(one.at, "", "more than 100000 tasks: split the batch");
  if (!fits_the_others(spec, one.at) || bytes_ > most_prompt_bytes ||
      out_.tasks.size() == most_tasks_of_batch)
    return;
  check_prices(spec, one.at);
  const template_values values{repo, one.commit, spec_.name, spec.id};
  spec.message =
    fill_template(spec_.commit, false, values, one.at, "commit", problems_);
  spec.pr_template =
    fill_template(spec_.body, true, values, one.at, "pr.body", problems_);
  if (one.settings.count("TASK_TIMEOUT_MINUTES") == 0)
    spec.timeout = spec_.limits.timeout.value_or(spec.timeout);
  spec.checks = spec_.validate;
  for (const auto& warning : made.warnings)
    put_once(out_.warnings, warning);
  out_.secrets.emplace(spec.provider, std::move(made.secrets));
  out_.tasks.push_back({std::move(spec), std::move(one.commit),
                        one.priority.value_or(spec_.priority), one.at});
}

/// Without a price no limit can be kept. Each model is told of once.
void task_maker::check_prices(const task_spec& made, const place& at) {
  if (!spec_.limits.task_cost && !spec_.limits.batch_cost)
    return;
  const auto check = [&](provider_id provider, const std::string& model) {
    const auto name = std::string(to_string(provider)) + "/" + model;
    if (!models_.find(provider, model).cost && told_.insert(name).second)
      problems_.add(at, "limits.max_cost",
                    "the price of " + name +
                      " is not known, so no limit can be kept: add it to "
                      "models.yaml in the configuration folder");
  };
  check(made.provider, made.model);
  if (!made.fallback_model.empty())
    check(made.fallback_provider, made.fallback_model);
}

bool task_maker::fits_the_others(const task_spec& made, const place& at) {
  const auto before = problems_.count();
  if (const auto [other, is_new] = ids_.emplace(made.id, at); !is_new)
    problems_.add(at, "",
                  "the task id " + made.id +
                    " is taken: " + to_string(other->second) + " has it, too");
  const auto branch = repository_key(made.repo) + '\n' + made.branch;
  if (const auto [other, is_new] = branches_.emplace(branch, at); !is_new)
    problems_.add(
      at, "",
      "the branch " + made.branch + " of this repository is taken by " +
        to_string(other->second) + ": put {{task.id}} into the branch's name");
  const auto host =
    made.repo.host.ends_with(".github.com") ? "github.com" : made.repo.host;
  if (host_.empty())
    host_ = host;
  if (!host.empty() && host != host_)
    problems_.add(at, "",
                  "it is on " + host + ", others are on " + host_ +
                    ": one token goes to one server, so make a batch "
                    "for each");
  return problems_.count() == before;
}

task_list task_maker::take() {
  return std::move(out_);
}

} // namespace pj::batch
