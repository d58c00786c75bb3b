#include "core/spec/environment.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace pj {

namespace {

// GitHub takes no longer names, and a file system no longer "NAME.lock".
constexpr std::size_t longest_branch = 244;

bool is_ref_component(std::string_view part) noexcept {
  return !part.empty() && !part.starts_with('.') && !part.ends_with(".lock");
}

bool all_name_letters(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_alnum(c) || c == '.' || c == '_' || c == '-';
  });
}

} // namespace

bool is_task_id(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 128 && is_alnum(text[0]) &&
         all_name_letters(text);
}

bool is_github_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 100 && text != "." && text != ".." &&
         text[0] != '-' && all_name_letters(text);
}

// The rules of git-check-ref-format(1).
bool is_branch_name(std::string_view text) noexcept {
  const auto forbidden = [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f ||
           std::string_view("~^:?*[\\").find(c) != std::string_view::npos;
  };
  if (text.empty() || text.size() > longest_branch || text[0] == '-' ||
      text == "@" || text == "HEAD" || text.ends_with('.'))
    return false;
  if (text.find("..") != text.npos || text.find("@{") != text.npos ||
      !is_valid_utf8(text) || std::any_of(text.begin(), text.end(), forbidden))
    return false;
  const auto parts = split(text, '/');
  return std::all_of(parts.begin(), parts.end(), is_ref_component);
}

} // namespace pj
