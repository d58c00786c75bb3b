#pragma once
#include "core/llm/chat.hpp"
#include "core/llm/models.hpp"
#include "core/result.hpp"
#include "core/tree.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pj::prompt {

/// Names defined in a file (functions, classes …), for ranking and excerpts.
struct symbol {
  std::string name;
  std::uint32_t line = 0; ///< from 1
};

/// Finds the symbols of many files at once: one list per file, in order. May
/// be empty (no tool for it): paths and words must do then.
using symbol_finder = std::function<std::vector<std::vector<symbol>>(
  const std::vector<std::pair<std::string, std::string>>& path_and_content)>;

struct request {
  std::string task;       ///< what the person asked for
  std::string repository; ///< "owner/name" for the picture
  shared_text system;     ///< empty: the built-in system prompt
  llm::model_entry model; ///< whose window has to do
  symbol_finder symbols;
};

/// What to send, and what it shows.
struct prompt {
  shared_text system;
  std::vector<llm::message> messages; ///< stable parts first
  std::vector<std::string> files;     ///< whose content is shown, whole or part
  std::uint64_t estimated_tokens = 0;
};

/// Chooses files and writes the prompt. CPU and reads only; may take a second
/// on a big repository. Fails (class `fail`, code `model`) when system prompt
/// and task leave so little of the model's window that no file can be shown.
result<prompt> compose(const request& what, const source_tree& tree);

/// The next round after a refusal: the prompt, the answer and what to do now.
/// `tree` is as the edits placed so far leave it. Files of `whole_files` are
/// shown from it and asked for whole, unless they have 400 lines or more.
prompt compose_repair(const prompt& before, std::string_view answer,
                      std::string_view feedback, const source_tree& tree,
                      const std::vector<std::string>& whole_files);

/// The system prompt that ships with the program.
std::string_view built_in_system_prompt() noexcept;

/// Why nothing is to be changed, for one line, when the answer says so in the
/// way the built-in system prompt asks for; else empty.
std::string reason_for_no_change(std::string_view answer);

} // namespace pj::prompt
