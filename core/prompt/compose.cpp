#include "core/llm/models.hpp"
#include "core/prompt/choose.hpp"
#include "core/prompt/document.hpp"
#include "core/prompt/picture.hpp"
#include "core/prompt/prompt.hpp"
#include "core/prompt/render.hpp"
#include "core/prompt/window.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace pj::prompt {

namespace {

// The picture gets a twentieth of the budget, within these bounds (tokens).
constexpr std::uint64_t least_picture = 300;
constexpr std::uint64_t most_picture = 5'000;

// With less than this part of the budget left, a prompt without any file says
// that the task is too long for the model.
constexpr std::uint64_t least_share = 16;

// Bytes of an answer that a repair shows again, and of the files it adds.
constexpr std::size_t max_answer = 400'000;
constexpr std::size_t max_repair_files = 1'000'000;

// PATCHING, section 4: a longer file is not asked for whole.
constexpr std::ptrdiff_t max_whole_lines = 400;

std::string stable_text(const std::string& picture,
                        const std::vector<block>& blocks) {
  return blocks.empty() ? picture : picture + '\n' + render(blocks);
}

std::uint64_t tokens_of(const prompt& p) {
  auto out = llm::estimate_tokens(p.system.view());
  for (const auto& one : p.messages)
    out += llm::estimate_tokens(one.text);
  return out;
}

void add_file(std::vector<std::string>& files, const std::string& path) {
  if (std::find(files.begin(), files.end(), path) == files.end())
    files.push_back(path);
}

/// The answer as far as it is worth showing again: its start and its end.
std::string short_answer(std::string_view answer) {
  if (trimmed(answer).empty())
    return "(no answer)";
  if (answer.size() <= max_answer)
    return std::string(answer);
  const auto head = clipped(answer, max_answer / 2);
  auto tail = answer.substr(answer.size() - max_answer / 2);
  while (!tail.empty() && (static_cast<unsigned char>(tail[0]) & 0xc0) == 0x80)
    tail.remove_prefix(1);
  return std::string(head) + "\n[… " +
         std::to_string(answer.size() - head.size() - tail.size()) +
         " bytes left out …]\n" + std::string(tail);
}

std::vector<block> whole_blocks(const source_tree& tree,
                                const std::vector<std::string>& paths) {
  std::vector<block> out;
  std::size_t room = max_repair_files;
  for (const auto& path : paths) {
    const auto* entry = tree.find(path);
    if (!entry)
      continue;
    auto one = load(tree, *entry, true);
    const auto& file = one.file.text;
    if (!one.readable || one.kind != file_kind::text || file.size() > room ||
        std::count(file.begin(), file.end(), '\n') >= max_whole_lines)
      continue;
    room -= one.file.text.size();
    out.push_back({path, {}, std::move(one.file.text)});
  }
  return out;
}

} // namespace

result<prompt> compose(const request& what, const source_tree& tree) {
  prompt out;
  out.system = system_of(what);
  const auto budget = budget_of(what.model);
  const auto room = room_for_files(what);
  const auto view = picture(
    what.repository, tree,
    std::min(room, std::clamp(budget / 20, least_picture, most_picture)));
  const auto used = llm::estimate_tokens(view) + 2;
  auto chosen = choose(what, tree, room - std::min(room, used));
  const auto task = task_text(what.task, chosen.not_shown);
  auto stable = stable_text(view, chosen.blocks);
  // What was counted piece by piece is checked as a whole.
  const auto too_much = [&] {
    return llm::estimate_tokens(out.system.view()) + llm::estimate_tokens(stable) +
             llm::estimate_tokens(task) >
           budget;
  };
  while (!chosen.blocks.empty() && too_much()) {
    chosen.blocks.erase(chosen.blocks.begin());
    stable = stable_text(view, chosen.blocks);
  }
  if (too_much() || (chosen.blocks.empty() && room < budget / least_share))
    return too_long(what);
  for (const auto& one : chosen.blocks)
    add_file(out.files, one.path);
  if (!stable.empty())
    out.messages.push_back({llm::role::user, std::move(stable), true});
  out.messages.push_back({llm::role::user, task, false});
  out.estimated_tokens = tokens_of(out);
  return out;
}

prompt compose_repair(const prompt& before, std::string_view answer,
                      std::string_view feedback, const source_tree& tree,
                      const std::vector<std::string>& whole_files) {
  auto out = before;
  const auto blocks = whole_blocks(tree, whole_files);
  std::string text(trimmed(feedback));
  if (!blocks.empty())
    text +=
      "\n\nYour edits of the files below were not found twice. Write each "
      "of them whole this time: its path, then one fenced block with the "
      "complete new content. They are now:\n\n" +
      render(blocks);
  text += "\n\nAnswer again under the same rules.\n";
  for (const auto& one : blocks)
    add_file(out.files, one.path);
  out.messages.push_back({llm::role::assistant, short_answer(answer), false});
  out.messages.push_back({llm::role::user, std::move(text), false});
  out.estimated_tokens = tokens_of(out);
  return out;
}

} // namespace pj::prompt
