#pragma once
#include "core/llm/models.hpp"
#include "core/result.hpp"
#include "core/spec/task_spec.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pj {

/// A value and where it came from, for errors and `pj config`.
struct setting {
  std::string value;
  std::string source; ///< e.g. "TARGET_REPO", "--repo", "config.yaml:3"
};

/// Settings by the names of the task contract (`TARGET_REPO`, …). Already
/// merged: flags over environment over files.
using settings = std::map<std::string, setting, std::less<>>;

/// A task ready to run.
struct task_input {
  task_spec spec;
  task_secrets secrets;
  std::vector<std::string> warnings; ///< one line each
};

/// The model when none is named: `gpt-4o`, for the other providers the default
/// entry of the table.
std::string default_model(provider_id provider, const llm::model_table& models);

/// Where the event of a failure goes. Read even when nothing else is usable;
/// what is missing or wrong is empty.
struct event_target {
  std::string url; ///< empty: no event can be sent
  std::string secret;
  std::string task;
  std::string branch;
  std::string workspace = "unknown";
};

/// Never fails: takes what can be used and says nothing about the rest.
event_target read_event_target(const settings& from);

/// Reads and checks everything the contract names, the further settings, and
/// `DRY_RUN`, which only a flag sets. Reads no files: those named in the spec
/// and the secrets are left to the caller. The failure (class `fail`,
/// code `configuration`) has every problem in `what`, one line each, and never
/// a secret's value.
result<task_input> read_task(const settings& from,
                             const llm::model_table& models);

/// Checks a repository URL as the contract says: schemes, no credentials, no
/// option-like or control characters, `http` on loopback only unless nothing
/// secret would be sent.
result<repo_url> parse_repo_url(std::string_view text,
                                bool token_would_be_sent);

/// `[A-Za-z0-9][A-Za-z0-9._-]{0,127}`. Safe as a file name; not always as the
/// end of a branch name ("a..b", "a.lock").
bool is_task_id(std::string_view text) noexcept;

/// The owner or the name of a repository on GitHub.
bool is_github_name(std::string_view text) noexcept;

/// A branch name that git takes (`git check-ref-format --branch`) and that
/// cannot be mistaken for an option.
bool is_branch_name(std::string_view text) noexcept;

/// Names of all variables of the contract, in its order.
const std::vector<std::string_view>& contract_variables();

/// Names of settings that the contract does not have: flags and configuration
/// files set them, the environment does not.
const std::vector<std::string_view>& further_settings();

/// Those of them that take several values, put together with commas.
const std::vector<std::string_view>& list_settings();

/// Names of the engine's own settings, which decide nothing about a task.
const std::vector<std::string_view>& engine_variables();

/// Whether a variable's value must never be shown.
bool is_secret_variable(std::string_view name) noexcept;

} // namespace pj
