#include "core/batch/repository_fields.hpp"

#include "core/batch/input.hpp"
#include "core/batch/templates.hpp"
#include "core/name_table.hpp"
#include "core/spec/environment.hpp"
#include "core/spec/fields.hpp"
#include "core/spec/rules.hpp"
#include "core/text.hpp"

#include <array>

namespace pj::batch {

namespace {

constexpr std::size_t longest_line = 2'048;

using notes = problem_log;

/// Whether the value is one line that `check` does not mind.
bool is_good(const field_value& value, complaint check, notes& problems) {
  auto why = line_complaint(value.text, longest_line);
  if (why.empty())
    why = check(value.text);
  if (!why.empty())
    problems.add(value.at, value.key, in_quotes(value.text) + ": " + why);
  return why.empty();
}

void take_url(repository& into, field_value& value, notes& problems) {
  if (!is_good(value, nothing_wrong, problems))
    return;
  if (const auto url = parse_repo_url(value.text, false); !url)
    problems.add(value.at, value.key, url.error().what);
  else
    into.url = url->text;
}

std::string_view commit_complaint(std::string_view value) {
  const bool is_id =
    value.size() == 40 &&
    value.find_first_not_of("0123456789abcdefABCDEF") == value.npos;
  return is_id ? "" : "a commit is 40 hex digits (git rev-parse)";
}

void take_prompt(repository& into, field_value& value, notes& problems) {
  if (const auto why = prompt_complaint(value.text); !why.empty())
    return problems.add(value.at, value.key, why);
  into.prompt = {std::move(value.text), value.at};
  check_template(into.prompt, false, value.raw, value.offset, value.key,
                 problems);
}

void take_branch(repository& into, field_value& value, notes& problems) {
  into.branch = one_line_template(value, problems);
}

void take_priority(repository& into, field_value& value, notes& problems) {
  if (const auto n =
        whole_number(value.text, -highest_priority, highest_priority))
    into.priority = static_cast<int>(*n);
  else
    problems.add(value.at, value.key,
                 in_quotes(value.text) +
                   ": use a whole number from -100 to 100");
}

template <std::string repository::*Member, complaint Check>
void take_line(repository& into, field_value& value, notes& problems) {
  if (is_good(value, Check, problems))
    into.*Member = std::move(value.text);
}

template <std::string repository::*Member, complaint Check>
void take_word(repository& into, field_value& value, notes& problems) {
  value.text = lowered(value.text);
  take_line<Member, Check>(into, value, problems);
}

struct known_field {
  std::string_view name;
  void (*take)(repository& into, field_value& value, notes& problems);
};

constexpr std::array known_fields = {
  known_field{"url", take_url},
  known_field{"base", take_line<&repository::base, branch_complaint>},
  known_field{"commit", take_word<&repository::commit, commit_complaint>},
  known_field{"github", take_line<&repository::github, repository_complaint>},
  known_field{"prompt", take_prompt},
  known_field{"branch", take_branch},
  known_field{"provider", take_word<&repository::provider, provider_complaint>},
  known_field{"model", take_line<&repository::model, model_complaint>},
  known_field{"priority", take_priority},
};

} // namespace

const std::vector<std::string_view>& repository_keys() {
  static const auto names = names_of(known_fields);
  return names;
}

void take_field(repository& into, std::string_view name, field_value value,
                problem_log& problems) {
  if (const auto* field = find_named(known_fields, name))
    field->take(into, value, problems);
}

std::string_view provider_complaint(std::string_view value) {
  return provider_from(lowered(value)) ? ""
                                       : "use openai, anthropic or openrouter";
}

text_template one_line_template(const field_value& value,
                                problem_log& problems) {
  if (!is_good(value, nothing_wrong, problems))
    return {};
  text_template out{value.text, value.at};
  check_template(out, false, value.raw, value.offset, value.key, problems);
  return out;
}

} // namespace pj::batch
