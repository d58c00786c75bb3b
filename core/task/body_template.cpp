#include "core/task/body_template.hpp"

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

struct placeholder {
  std::string_view name;
  std::string (*value)(const moment& m);
};

std::string none_or(std::string list) {
  return list.empty() ? "none" : list;
}

// In the order people are told them.
const std::array placeholders = {
  placeholder{"task.id", [](const moment& m) { return m.spec.id; }},
  placeholder{"prompt", [](const moment& m) { return m.spec.prompt; }},
  placeholder{"title", [](const moment& m) { return m.spec.title; }},
  placeholder{"model", [](const moment& m) { return m.outcome.model; }},
  placeholder{"checks",
              [](const moment& m) {
                return none_or(markdown_list(check_lines(m.outcome)));
              }},
  placeholder{
    "files",
    [](const moment& m) { return none_or(markdown_list(m.outcome.files)); }},
  placeholder{
    "risky",
    [](const moment& m) { return none_or(markdown_list(m.outcome.risky)); }},
  placeholder{
    "warnings",
    [](const moment& m) { return none_or(markdown_list(m.outcome.warnings)); }},
  placeholder{"cost",
              [](const moment& m) { return cost_text(m.outcome.cost_usd); }},
  placeholder{"tokens.in",
              [](const moment& m) {
                return std::to_string(m.outcome.tokens.input_tokens);
              }},
  placeholder{"tokens.out",
              [](const moment& m) {
                return std::to_string(m.outcome.tokens.output_tokens);
              }},
  placeholder{"branch", [](const moment& m) { return m.spec.branch; }},
  placeholder{"base", [](const moment& m) { return m.outcome.base; }},
  placeholder{"commit", [](const moment& m) { return m.outcome.commit; }},
  placeholder{"repository",
              [](const moment& m) {
                return m.spec.github_owner + "/" + m.spec.github_name;
              }},
  placeholder{"workspace", [](const moment& m) { return m.spec.workspace; }},
  placeholder{"body", [](const moment& m) { return std::string(m.built_in); }},
};

const placeholder* find(std::string_view name) {
  const auto found =
    std::find_if(placeholders.begin(), placeholders.end(),
                 [name](const auto& p) { return p.name == name; });
  return found == placeholders.end() ? nullptr : &*found;
}

/// `{{ name }}` on one line; nothing when there is none left.
struct mark {
  std::size_t from = 0; ///< of the braces
  std::size_t to = 0;   ///< behind them
  std::string_view name;
};

std::optional<mark> next_mark(std::string_view text, std::size_t at) {
  while ((at = text.find("{{", at)) != text.npos) {
    const auto end = text.find_first_of("}\n", at);
    if (end != text.npos && text.substr(end, 2) == "}}")
      return mark{at, end + 2, trimmed(text.substr(at + 2, end - at - 2))};
    at += 2;
  }
  return std::nullopt;
}

std::string known_names() {
  std::string out;
  for (const auto& p : placeholders)
    out += (out.empty() ? "{{" : ", {{") + std::string(p.name) + "}}";
  return out;
}

} // namespace

result<done> check_body_template(std::string_view text) {
  if (!is_valid_utf8(text))
    return failure{failure_class::fail,
                   failure_code::configuration,
                   "it is not valid UTF-8",
                   "",
                   {}};
  for (auto m = next_mark(text, 0); m; m = next_mark(text, m->to))
    if (!find(m->name)) {
      const auto line =
        1 + std::count(text.begin(),
                       text.begin() + static_cast<std::ptrdiff_t>(m->from),
                       '\n');
      return failure{
        failure_class::fail,
        failure_code::configuration,
        "line " + std::to_string(line) + " has the unknown placeholder {{" +
          printable(m->name, 60) + "}}; there are " + known_names(),
        "",
        {}};
    }
  return done{};
}

std::string fill_body_template(std::string_view text, const task_spec& spec,
                               const task_outcome& outcome,
                               std::string_view built_in) {
  std::string out;
  std::size_t at = 0;
  for (auto m = next_mark(text, 0); m; m = next_mark(text, m->to)) {
    out += text.substr(at, m->from - at);
    const auto* known = find(m->name);
    out += known ? known->value({spec, outcome, built_in})
                 : std::string(text.substr(m->from, m->to - m->from));
    at = m->to;
  }
  out += text.substr(at);
  return out;
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
