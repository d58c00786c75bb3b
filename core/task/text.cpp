#include "core/task/text.hpp"

#include "core/task/body_template.hpp"
#include "core/text.hpp"

#include <cstdio>

namespace pj {

namespace {

constexpr std::string_view trailer = "Pithy-Jaunt-Task: ";

// GitHub takes 65,536 characters; the rest of the body needs a few hundred.
constexpr std::size_t max_description = 40'000;
// GitHub's bound on a body, in characters; bytes are never fewer.
constexpr std::size_t max_body = 65'536;

void add_list(std::string& out, std::string_view title,
              const std::vector<std::string>& lines) {
  if (!lines.empty())
    out += "\n### " + std::string(title) + "\n\n" + markdown_list(lines) + "\n";
}

std::string built_in_body(const task_spec& spec, const task_outcome& outcome) {
  std::string out = "Task: `" + spec.id + "`\n\n";
  const auto shown = clipped(spec.prompt, max_description);
  out += shown;
  out += shown.size() < spec.prompt.size() ? "\n…\n" : "\n";
  add_list(out, "Validation", check_lines(outcome));
  add_list(out, "Please look twice at", outcome.risky);
  out += "\n---\nModel: `" + outcome.model +
         "` · tokens: " + std::to_string(outcome.tokens.input_tokens) +
         " in, " + std::to_string(outcome.tokens.output_tokens) +
         " out · cost: " + cost_text(outcome.cost_usd) + "\n";
  return out;
}

} // namespace

std::string commit_message(const task_spec& spec) {
  const auto& text = spec.message.empty() ? spec.title : spec.message;
  return text + "\n\n" + std::string(trailer) + spec.id + "\n";
}

bool is_commit_of(std::string_view message, std::string_view task) {
  for (auto line : split(message, '\n'))
    if (line.starts_with(trailer) &&
        trimmed(line.substr(trailer.size())) == task)
      return true;
  return false;
}

std::string pull_request_body(const task_spec& spec,
                              const task_outcome& outcome) {
  auto out = built_in_body(spec, outcome);
  if (!spec.pr_template.empty())
    out = fill_body_template(spec.pr_template, spec, outcome, out);
  if (out.size() <= max_body)
    return out;
  constexpr std::string_view more = "\n…\n";
  return std::string(clipped(out, max_body - more.size())) + std::string(more);
}

std::string cost_text(const std::optional<double>& usd) {
  if (!usd)
    return "unknown";
  char text[32];
  std::snprintf(text, sizeof text, "$%.4f", *usd);
  return text;
}

file_change coderabbit_config() {
  file_change x;
  x.kind = change_kind::add;
  x.path = ".coderabbit.yaml";
  x.content = "# Added with ADD_CODERABBIT_CONFIG=true.\n"
              "reviews:\n"
              "  auto_review:\n"
              "    enabled: true\n";
  return x;
}

} // namespace pj
