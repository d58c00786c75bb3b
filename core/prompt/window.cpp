#include "core/prompt/window.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace pj::prompt {

namespace {

/// "333,344"
std::string grouped(std::uint64_t number) {
  auto out = std::to_string(number);
  for (auto at = out.size(); at > 3;)
    out.insert(at -= 3, ",");
  return out;
}

std::uint64_t fixed_tokens(const request& what) {
  return llm::estimate_tokens(system_of(what).view()) +
         llm::estimate_tokens(task_text(what.task, {}));
}

} // namespace

shared_text system_of(const request& what) {
  static const shared_text built_in(built_in_system_prompt());
  return what.system.empty() ? built_in : what.system;
}

std::string task_text(std::string_view task,
                      const std::vector<std::string>& not_shown) {
  auto out = "<task>\n" + std::string(trimmed(task)) + "\n</task>\n";
  if (!not_shown.empty())
    out += "\nFiles that the task names but that are not shown:\n";
  for (const auto& line : not_shown)
    out += "- " + line + '\n';
  return out += "\nAnswer with one to three sentences on what you change, then "
                "the edits.\n";
}

std::uint64_t budget_of(const llm::model_entry& model) noexcept {
  return model.window - std::min(model.max_output_tokens, model.window / 2);
}

std::uint64_t room_for_files(const request& what) {
  const auto budget = budget_of(what.model);
  return budget - std::min(budget, fixed_tokens(what));
}

failure too_long(const request& what) {
  const auto system = llm::estimate_tokens(what.system.view());
  const auto task = llm::estimate_tokens(what.task);
  const bool by_system = system > task;
  const auto& model = what.model;
  auto line = (by_system ? "the system prompt (SYSTEM_PROMPT_PATH) has about "
                         : "the prompt (AGENT_PROMPT) has about ") +
              grouped(std::max(system, task)) + " tokens (estimated); " +
              printable(model.name) + " has a window of " +
              grouped(model.window) +
              (model.window_is_guess ? " (a guess; models.yaml can say)" : "") +
              ", " + grouped(budget_of(model)) +
              " of it for prompt and files: use a shorter prompt, or a MODEL "
              "with a larger window";
  return {failure_class::fail, failure_code::model, std::move(line), {}, {}};
}

result<done> check_length(const request& what) {
  if (fixed_tokens(what) > budget_of(what.model))
    return too_long(what);
  return done{};
}

} // namespace pj::prompt
