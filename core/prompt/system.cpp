#include "core/prompt/prompt.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace pj::embedded {

extern const std::string_view system_prompt; ///< docker/system-prompt.md

} // namespace pj::embedded

namespace pj::prompt {

std::string_view built_in_system_prompt() noexcept {
  return embedded::system_prompt;
}

std::string reason_for_no_change(std::string_view answer) {
  constexpr std::string_view words = "NO CHANGE:";
  constexpr std::string_view marks = "*`#> "; // of Markdown
  constexpr std::size_t longest = 500;
  for (auto line : split(answer, '\n')) {
    line.remove_prefix(std::min(line.find_first_not_of(marks), line.size()));
    if (!line.starts_with(words))
      continue;
    line.remove_prefix(words.size());
    line.remove_prefix(std::min(line.find_first_not_of(marks), line.size()));
    const auto why = printable(trimmed(line), longest);
    return why.empty() ? "it does not say why" : why;
  }
  return {};
}

} // namespace pj::prompt
