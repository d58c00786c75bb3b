#include "core/task/text.hpp"

#include "core/text.hpp"

#include <cstdio>

namespace pj {

namespace {

constexpr std::string_view trailer = "Pithy-Jaunt-Task: ";

// GitHub takes 65,536 characters; the rest of the body needs a few hundred.
constexpr std::size_t max_description = 40'000;
constexpr std::size_t max_list = 50;

void add_list(std::string& out, std::string_view title,
              const std::vector<std::string>& lines) {
  if (lines.empty())
    return;
  out += "\n### " + std::string(title) + "\n\n";
  for (std::size_t i = 0; i < lines.size() && i < max_list; ++i)
    out += "- " + printable(lines[i], 300) + "\n";
  if (lines.size() > max_list)
    out += "- … and " + std::to_string(lines.size() - max_list) + " more\n";
}

std::vector<std::string> check_lines(const task_outcome& outcome) {
  std::vector<std::string> lines;
  for (const auto& c : outcome.checks)
    lines.push_back(c.line);
  return lines;
}

} // namespace

std::string commit_message(const task_spec& spec) {
  return spec.title + "\n\n" + std::string(trailer) + spec.id + "\n";
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
