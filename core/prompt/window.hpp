#pragma once
#include "core/prompt/prompt.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pj::prompt {

/// The message with the task, after the files.
std::string task_text(std::string_view task,
                      const std::vector<std::string>& not_shown);

/// The system prompt of a request; the built-in one when it has none.
shared_text system_of(const request& what);

/// Tokens that system prompt, task and files may take together: the model's
/// window without room for its answer.
std::uint64_t budget_of(const llm::model_entry& model) noexcept;

/// Estimated tokens of the budget that system prompt and task leave for files.
std::uint64_t room_for_files(const request& what);

/// The failure of a request whose system prompt or task is too long for the
/// model (class `fail`, code `model`); one line with sizes and cure.
failure too_long(const request& what);

/// Whether system prompt and task fit by themselves, whatever the repository.
result<done> check_length(const request& what);

} // namespace pj::prompt
