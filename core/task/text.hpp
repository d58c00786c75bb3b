#pragma once
#include "core/change.hpp"
#include "core/spec/task_spec.hpp"
#include "core/task/outcome.hpp"

#include <string>
#include <string_view>

namespace pj {

/// Subject, and the trailer that marks a commit as this task's.
std::string commit_message(const task_spec& spec);

/// Whether a commit carries this task's trailer: it is ours and may be
/// replaced.
bool is_commit_of(std::string_view message, std::string_view task);

/// Markdown: task id, description, model, checks, risky paths, tokens, cost;
/// or the spec's template, filled in. GitHub's limit of 65,536 characters is
/// kept.
std::string pull_request_body(const task_spec& spec,
                              const task_outcome& outcome);

/// "$0.0123", or "unknown" when the price is.
std::string cost_text(const std::optional<double>& usd);

/// The `.coderabbit.yaml` that ADD_CODERABBIT_CONFIG asks for.
file_change coderabbit_config();

} // namespace pj
