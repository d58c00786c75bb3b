#pragma once
#include "core/spec/environment.hpp"

namespace pj {

/// Reads the files that a task's settings name into the task: the template of
/// the pull request (checked) and the GitHub App's private key. A key that
/// others may read is a warning. Failures have code `configuration` and name
/// the setting.
result<done> read_task_files(task_input& task);

/// The text of a system prompt's file; empty for no path: the built-in one is
/// meant. Failures have code `configuration` and name SYSTEM_PROMPT_PATH.
result<std::string> read_system_prompt(const std::string& path);

} // namespace pj
