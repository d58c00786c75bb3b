#include "core/spec/rules.hpp"

#include "core/spec/environment.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace pj {

namespace {

constexpr std::size_t longest_prompt = 16u << 20;

// GitHub's bounds: 50 characters, of up to four bytes; 39 and what an
// enterprise or "[bot]" adds.
constexpr std::size_t longest_label = 200;
constexpr std::size_t longest_login = 64;

} // namespace

std::string_view task_id_complaint(std::string_view value) {
  return is_task_id(value) ? ""
                           : "use 1 to 128 letters, digits, '.', '_' and '-', "
                             "beginning with a letter or digit";
}

std::string_view branch_complaint(std::string_view value) {
  return is_branch_name(value) ? "" : "git does not take it as a branch name";
}

std::string_view model_complaint(std::string_view value) {
  const bool fits = value[0] != '-' && value.find(' ') == value.npos;
  return fits ? "" : "use the model's name as the provider writes it";
}

std::string_view author_complaint(std::string_view value) {
  if (value.find_first_of("<>") != value.npos)
    return "git takes no '<' and '>' in names";
  return value.find_first_not_of(" .,:;\"\\'") == value.npos
           ? "git wants more than punctuation"
           : "";
}

std::string_view email_complaint(std::string_view value) {
  const auto at = value.find('@');
  const bool fits = at != value.npos && at > 0 && at + 1 < value.size() &&
                    value.find_first_of("<> ,;") == value.npos;
  return fits ? "" : "use an address like name@host";
}

std::string_view repository_complaint(std::string_view value) {
  const auto parts = split(value, '/');
  const bool fits = parts.size() == 2 &&
                    std::all_of(parts.begin(), parts.end(), is_github_name);
  return fits ? "" : "use owner/repo";
}

std::string_view label_complaint(std::string_view value) {
  return value.size() <= longest_label ? "" : "GitHub takes no label this long";
}

std::string_view login_complaint(std::string_view value) {
  const bool fits =
    value.size() <= longest_login && value[0] != '-' &&
    std::all_of(value.begin(), value.end(), [](char c) {
      return is_alnum(c) || c == '-' || c == '_' || c == '[' || c == ']';
    });
  return fits ? "" : "use a login name, without @";
}

std::string_view team_complaint(std::string_view value) {
  const auto parts = split(value, '/');
  return parts.size() <= 2 &&
             std::all_of(parts.begin(), parts.end(), is_github_name)
           ? ""
           : "use the team's short name, like reviewers or acme/reviewers";
}

std::string_view app_id_complaint(std::string_view value) {
  return is_github_name(value) ? "" : "use the app's id (digits) or client id";
}

std::string_view number_complaint(std::string_view value) {
  return value.size() <= 18 &&
             value.find_first_not_of("0123456789") == value.npos
           ? ""
           : "use a number";
}

std::string_view nothing_wrong(std::string_view) {
  return {};
}

std::string prompt_complaint(std::string_view prompt) {
  if (prompt.size() > longest_prompt)
    return "it has " + std::to_string(prompt.size()) +
           " bytes, at most 16 MiB are accepted";
  if (!is_valid_utf8(prompt))
    return "it is not valid UTF-8";
  const auto odd = std::find_if(prompt.begin(), prompt.end(), [](char c) {
    return (c >= 0 && c < ' ' &&
            std::string_view("\t\n\r\f\v").find(c) == std::string_view::npos) ||
           c == '\x7f';
  });
  if (odd == prompt.end())
    return {};
  return "line " + std::to_string(1 + std::count(prompt.begin(), odd, '\n')) +
         " has a control character; send plain text";
}

} // namespace pj
