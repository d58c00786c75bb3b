#include "core/spec/digest.hpp"

#include "core/json_text.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace pj {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 4> schemes = {"https", "http", "ssh",
                                                     "file"};

constexpr std::array<std::string_view, 3> conflicts = {"refuse", "replace",
                                                       "update"};

/// What is stored as something else than its own JSON type.
json stored(const std::string& value) {
  return value;
}
json stored(bool value) {
  return value;
}
json stored(double value) {
  return value;
}
json stored(std::uint64_t value) {
  return value;
}
json stored(std::chrono::milliseconds value) {
  return value.count();
}
json stored(provider_id value) {
  return to_string(value);
}
json stored(repo_scheme value) {
  return to_string(value);
}
json stored(branch_conflict value) {
  return conflicts[static_cast<std::size_t>(value)];
}
json stored(const std::vector<std::string>& value) {
  return value;
}

void restore(const json& from, std::string& to) {
  from.get_to(to);
}
void restore(const json& from, bool& to) {
  from.get_to(to);
}
void restore(const json& from, std::vector<std::string>& to) {
  from.get_to(to);
}

void restore(const json& from, double& to) {
  from.get_to(to);
}

void restore(const json& from, std::uint64_t& to) {
  from.get_to(to);
}

void restore(const json& from, std::chrono::milliseconds& to) {
  to = std::chrono::milliseconds(from.get<std::int64_t>());
}

void restore(const json& from, provider_id& to) {
  to = provider_from(from.get<std::string>()).value_or(to);
}

template <std::size_t N, class Enum>
void restore(const json& from, const std::array<std::string_view, N>& names,
             Enum& to) {
  const auto name = from.get<std::string>();
  for (std::size_t i = 0; i < N; ++i)
    if (names[i] == name)
      to = static_cast<Enum>(i);
}

void restore(const json& from, repo_scheme& to) {
  restore(from, schemes, to);
}

void restore(const json& from, branch_conflict& to) {
  restore(from, conflicts, to);
}

template <class Url, class F>
void each_field_of_url(Url& url, F f) {
  f("text", url.text);
  f("scheme", url.scheme);
  f("host", url.host);
  f("owner", url.owner);
  f("name", url.name);
}

template <class Check, class F>
void each_field_of_check(Check& check, F f) {
  f("name", check.name);
  f("command", check.command);
  f("blocking", check.blocking);
  f("timeout_ms", check.timeout);
}

/// Those with a JSON value of their own, without repository and checks.
template <class Spec, class F>
void each_field_of_spec(Spec& spec, F f) {
  f("id", spec.id);
  f("prompt", spec.prompt);
  f("branch", spec.branch);
  f("conflict", spec.conflict);
  f("base", spec.base);
  f("base_commit", spec.base_commit);
  f("github_owner", spec.github_owner);
  f("github_name", spec.github_name);
  f("github_api", spec.github_api);
  f("provider", spec.provider);
  f("model", spec.model);
  f("model_base_url", spec.model_base_url);
  f("fallback_model", spec.fallback_model);
  f("fallback_provider", spec.fallback_provider);
  f("fallback_base_url", spec.fallback_base_url);
  f("max_cost_usd", spec.max_cost_usd);
  f("max_tokens", spec.max_tokens);
  f("author_name", spec.author_name);
  f("author_email", spec.author_email);
  f("title", spec.title);
  f("message", spec.message);
  f("pr_labels", spec.pr_extras.labels);
  f("pr_assignees", spec.pr_extras.assignees);
  f("pr_reviewers", spec.pr_extras.reviewers);
  f("pr_team_reviewers", spec.pr_extras.team_reviewers);
  f("pr_template_path", spec.pr_template_path);
  f("pr_template", spec.pr_template);
  f("pr_draft", spec.pr_draft);
  f("fork", spec.fork);
  f("fork_owner", spec.fork_owner);
  f("webhook_url", spec.webhook_url);
  f("webhook_max_age_ms", spec.webhook_max_age);
  f("workspace", spec.workspace);
  f("system_prompt_path", spec.system_prompt_path);
  f("keep_alive", spec.keep_alive);
  f("skip_push", spec.skip_push);
  f("skip_pr", spec.skip_pr);
  f("dry_run", spec.dry_run);
  f("add_coderabbit", spec.add_coderabbit);
  f("timeout_ms", spec.timeout);
}

auto writer(json& out) {
  return
    [&out](const char* name, const auto& value) { out[name] = stored(value); };
}

auto taker(const json& from) {
  return [&fields = from.get_ref<const json::object_t&>()](const char* name,
                                                           auto& value) {
    if (const auto found = fields.find(name); found != fields.end())
      restore(found->second, value);
  };
}

json as_json(const task_spec& spec) {
  json out = json::object();
  each_field_of_spec(spec, writer(out));
  each_field_of_url(spec.repo, writer(out["repo"]));
  auto& checks = out["checks"] = json::array();
  for (const auto& check : spec.checks)
    each_field_of_check(check, writer(checks.emplace_back()));
  return out;
}

task_spec read_spec(const json& from) {
  task_spec out;
  each_field_of_spec(out, taker(from));
  each_field_of_url(out.repo, taker(from.at("repo")));
  for (const auto& check : from.value("checks", json::array()))
    each_field_of_check(out.checks.emplace_back(), taker(check));
  return out;
}

} // namespace

std::string to_json(const task_spec& spec) {
  return json_text(as_json(spec));
}

result<task_spec> task_spec_from_json(std::string_view text) {
  try {
    return read_spec(parse_json(text));
  } catch (const json::exception& e) {
    return failure{failure_class::fail,
                   failure_code::journal,
                   "the journal's record of the task cannot be read",
                   e.what(),
                   {}};
  }
}

std::string outcome_inputs(const task_spec& spec) {
  auto inputs = as_json(spec);
  for (const char* name :
       {"webhook_url", "workspace", "keep_alive", "timeout_ms", "dry_run",
        "webhook_max_age_ms", "fallback_model", "fallback_provider",
        "fallback_base_url", "max_cost_usd", "max_tokens"})
    inputs.erase(name);

  // Younger than journals that are still around: absent means the same.
  if (spec.message.empty())
    inputs.erase("message");
  if (spec.base_commit.empty())
    inputs.erase("base_commit");
  if (spec.conflict == branch_conflict::refuse)
    inputs.erase("conflict");
  return json_text(inputs);
}

std::string_view to_string(repo_scheme scheme) noexcept {
  return schemes[static_cast<std::size_t>(scheme)];
}

} // namespace pj
