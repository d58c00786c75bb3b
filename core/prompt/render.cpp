#include "core/prompt/render.hpp"

#include "core/llm/models.hpp"
#include "core/text.hpp"

#include <charconv>
#include <set>

namespace pj::prompt {

namespace {

std::size_t skip_blanks(std::string_view text, std::size_t at) noexcept {
  const auto next = text.find_first_not_of(" \t\r\n", at);
  return next == text.npos ? text.size() : next;
}

bool continues_a_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '_';
}

/// Adds the number of every closing file tag in `text`; `</file>` has 1. Tags
/// are read as loosely as a model might: any case, blanks inside.
void collect_tags(std::string_view text, std::set<std::uint32_t>& numbers) {
  constexpr std::string_view name = "file";
  for (auto at = text.find('<'); at != text.npos; at = text.find('<', at + 1)) {
    auto i = skip_blanks(text, at + 1);
    if (i == text.size() || text[i] != '/')
      continue;
    i = skip_blanks(text, i + 1);
    if (!equal_ignoring_case(text.substr(i, name.size()), name))
      continue;
    i += name.size();
    if (i < text.size() && continues_a_name(text[i]))
      continue;
    std::uint32_t number = 1;
    if (i < text.size() && text[i] == '-')
      std::from_chars(text.data() + i + 1, text.data() + text.size(), number);
    numbers.insert(number);
  }
}

std::string tag_for(const std::vector<block>& blocks) {
  std::set<std::uint32_t> taken;
  for (const auto& one : blocks)
    collect_tags(one.text, taken);
  if (taken.empty())
    return "file";
  std::uint32_t number = 2;
  while (taken.count(number) > 0)
    ++number;
  return "file-" + std::to_string(number);
}

} // namespace

std::string render(const std::vector<block>& blocks) {
  const auto tag = tag_for(blocks);
  std::string out;
  for (const auto& one : blocks) {
    out += '<' + tag + " path=\"" + one.path + '"' + one.attributes + ">\n";
    out += one.text;
    if (!one.text.empty() && one.text.back() != '\n')
      out += '\n';
    out += "</" + tag + ">\n";
  }
  return out;
}

std::uint64_t cost_of(const block& one) {
  constexpr std::uint64_t tags = 16; // 48 bytes
  return llm::estimate_tokens(one.text) + llm::estimate_tokens(one.path) +
         llm::estimate_tokens(one.attributes) + tags;
}

} // namespace pj::prompt
