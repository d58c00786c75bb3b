#include "core/task/body_template.hpp"

#include "core/name_table.hpp"
#include "core/placeholders.hpp"
#include "core/task/text.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace pj {

namespace {

constexpr std::size_t max_list = 50;

struct moment {
  const task_spec& spec;
  const task_outcome& outcome;
  std::string_view built_in;
};

struct body_value {
  std::string_view name;
  std::string (*value)(const moment& m);
};

std::string none_or(std::string list) {
  return list.empty() ? "none" : list;
}

// In the order people are told them.
const std::array values = {
  body_value{"task.id", [](const moment& m) { return m.spec.id; }},
  body_value{"prompt", [](const moment& m) { return m.spec.prompt; }},
  body_value{"title", [](const moment& m) { return m.spec.title; }},
  body_value{"model", [](const moment& m) { return m.outcome.model; }},
  body_value{"checks",
             [](const moment& m) {
               return none_or(markdown_list(check_lines(m.outcome)));
             }},
  body_value{
    "files",
    [](const moment& m) { return none_or(markdown_list(m.outcome.files)); }},
  body_value{
    "risky",
    [](const moment& m) { return none_or(markdown_list(m.outcome.risky)); }},
  body_value{
    "warnings",
    [](const moment& m) { return none_or(markdown_list(m.outcome.warnings)); }},
  body_value{"cost",
             [](const moment& m) { return cost_text(m.outcome.cost_usd); }},
  body_value{"tokens.in",
             [](const moment& m) {
               return std::to_string(m.outcome.tokens.input_tokens);
             }},
  body_value{"tokens.out",
             [](const moment& m) {
               return std::to_string(m.outcome.tokens.output_tokens);
             }},
  body_value{"branch", [](const moment& m) { return m.spec.branch; }},
  body_value{"base", [](const moment& m) { return m.outcome.base; }},
  body_value{"commit", [](const moment& m) { return m.outcome.commit; }},
  body_value{"repository",
             [](const moment& m) {
               return m.spec.github_owner + "/" + m.spec.github_name;
             }},
  body_value{"workspace", [](const moment& m) { return m.spec.workspace; }},
  body_value{"body", [](const moment& m) { return std::string(m.built_in); }},
};

} // namespace

const std::vector<std::string_view>& body_placeholders() {
  static const auto names = names_of(values);
  return names;
}

result<done> check_body_template(std::string_view text) {
  if (!is_valid_utf8(text))
    return failure{failure_class::fail,
                   failure_code::configuration,
                   "it is not valid UTF-8",
                   "",
                   {}};
  for (auto m = next_placeholder(text); m; m = next_placeholder(text, m->to))
    if (!find_named(values, m->name)) {
      const auto line =
        1 + std::count(text.begin(),
                       text.begin() + static_cast<std::ptrdiff_t>(m->from),
                       '\n');
      return failure{failure_class::fail,
                     failure_code::configuration,
                     "line " + std::to_string(line) +
                       " has the unknown placeholder {{" +
                       printable(m->name, 60) + "}}; there are " +
                       shown_placeholders(body_placeholders()),
                     "",
                     {}};
    }
  return done{};
}

std::string fill_body_template(std::string_view text, const task_spec& spec,
                               const task_outcome& outcome,
                               std::string_view built_in) {
  return fill_placeholders(
    text, [&](std::string_view name) -> std::optional<std::string> {
      const auto* known = find_named(values, name);
      return known ? std::optional(known->value({spec, outcome, built_in}))
                   : std::nullopt;
    });
}

std::string markdown_list(const std::vector<std::string>& lines) {
  std::string out;
  for (std::size_t i = 0; i < lines.size() && i < max_list; ++i)
    out += (out.empty() ? "- " : "\n- ") + printable(lines[i], 300);
  if (lines.size() > max_list)
    out += "\n- … and " + std::to_string(lines.size() - max_list) + " more";
  return out;
}

std::vector<std::string> check_lines(const task_outcome& outcome) {
  std::vector<std::string> lines;
  for (const auto& c : outcome.checks)
    lines.push_back(c.line);
  return lines;
}

} // namespace pj
