#include "core/batch/templates.hpp"

#include "core/batch/input.hpp"
#include "core/name_table.hpp"
#include "core/placeholders.hpp"
#include "core/task/body_template.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace pj::batch {

namespace {

struct name_value {
  std::string_view name;
  std::string (*value)(const template_values& v);
};

std::string full_name(const repo_url& repo) {
  return repo.owner.empty() ? "" : repo.owner + '/' + repo.name;
}

const std::array values_by_name = {
  name_value{"repo.name", [](const template_values& v) { return v.repo.name; }},
  name_value{"repo.owner",
             [](const template_values& v) { return v.repo.owner; }},
  name_value{"repo.full_name",
             [](const template_values& v) { return full_name(v.repo); }},
  name_value{"repo.url", [](const template_values& v) { return v.repo.text; }},
  name_value{"repo.host", [](const template_values& v) { return v.repo.host; }},
  name_value{"repo.commit",
             [](const template_values& v) { return std::string(v.commit); }},
  name_value{"batch.name",
             [](const template_values& v) { return std::string(v.batch); }},
  name_value{"task.id",
             [](const template_values& v) { return std::string(v.task); }},
};

bool is_for_later(std::string_view name) {
  const auto& later = body_placeholders();
  return std::find(later.begin(), later.end(), name) != later.end();
}

std::string known_names(bool is_body) {
  auto names = placeholder_names();
  if (is_body)
    for (const auto name : body_placeholders())
      if (!find_named(values_by_name, name))
        names.push_back(name);
  return shown_placeholders(names);
}

std::string_view cure(std::string_view name) {
  return name == "repo.commit" ? "give the repository a commit"
         : name == "repo.host" || name == "repo.owner" ||
             name == "repo.full_name"
           ? "its URL does not say it"
           : "leave it out";
}

} // namespace

const std::vector<std::string_view>& placeholder_names() {
  static const auto names = names_of(values_by_name);
  return names;
}

void check_template(const text_template& what, bool is_body,
                    std::string_view raw, std::size_t from,
                    std::string_view key, problem_log& problems) {
  const std::string_view text = what.text;
  for (auto p = next_placeholder(text); p; p = next_placeholder(text, p->to)) {
    // The value is in the file as it stands, but for escapes and folding.
    const auto braces = text.substr(p->from, p->to - p->from);
    const auto found = raw.find(braces, from);
    if (found != raw.npos)
      from = found + braces.size();
    if (find_named(values_by_name, p->name) ||
        (is_body && is_for_later(p->name)))
      continue;
    problems.add(
      found == raw.npos ? what.at : place_of(raw, found, what.at.file), key,
      "there is no {{" + printable(p->name, 60) + "}}; use " +
        known_names(is_body) + ", or \\{{ for plain braces");
  }
}

std::string fill_template(const text_template& what, bool is_body,
                          const template_values& values, const place& at,
                          std::string_view key, problem_log& problems) {
  const auto value = [&](std::string_view name) -> std::optional<std::string> {
    const auto* known = find_named(values_by_name, name);
    if (!known)
      return std::nullopt;
    auto out = known->value(values);
    if (out.empty())
      problems.add(at, key,
                   "{{" + std::string(name) +
                     "}} stands for nothing here: " + std::string(cure(name)));
    return out;
  };
  return is_body ? fill_some_placeholders(what.text, value)
                 : fill_placeholders(what.text, value);
}

} // namespace pj::batch
