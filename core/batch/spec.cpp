#include "core/batch/spec.hpp"

#include "core/batch/spec_parts.hpp"
#include "core/batch/yaml_cursor.hpp"
#include "core/spec/environment.hpp"
#include "core/text.hpp"

#include <array>

namespace pj::batch {

namespace {

constexpr std::array<std::string_view, 3> publishings = {"yes", "no", "draft"};
/// In the order of `branch_conflict`.
constexpr std::array<std::string_view, 3> conflicts = {"skip", "replace",
                                                       "update"};
constexpr std::size_t longest_name = 64; ///< leaves half a task id for others

std::string_view name_complaint(std::string_view value) {
  const bool fits = value.size() <= longest_name && is_task_id(value) &&
                    is_branch_name("pj/" + std::string(value));
  return fits ? ""
              : "use at most 64 letters, digits, '.', '_' and '-', beginning "
                "with a letter or digit, without \"..\"";
}

void read_name(const yaml_cursor& in, spec& out) {
  out.at = in.at();
  out.name = in.line(longest_text, name_complaint).value_or("");
}

void read_tasks(const yaml_cursor& in, spec& out) {
  out.tasks_at = in.at();
  out.tasks_file = in.line(longest_text, nothing_wrong).value_or("");
}

void read_prompt(const yaml_cursor& in, spec& out) {
  if (auto text = in.text(longest_spec))
    out.prompt = in.as_template(*std::move(text), false);
}

void read_prompt_file(const yaml_cursor& in, spec& out) {
  out.prompt_file = in.line(longest_text, nothing_wrong).value_or("");
}

void read_base(const yaml_cursor& in, spec& out) {
  out.base = in.line(longest_text, branch_complaint).value_or("");
}

void read_branch(const yaml_cursor& in, spec& out) {
  if (const auto value = in.field())
    out.branch = one_line_template(*value, in.source().problems);
}

void read_commit(const yaml_cursor& in, spec& out) {
  if (auto text = in.text(longest_message))
    out.commit = in.as_template(*std::move(text), false);
}

void read_provider(const yaml_cursor& in, spec& out) {
  out.provider =
    lowered(in.line(longest_text, provider_complaint).value_or(""));
}

void read_model(const yaml_cursor& in, spec& out) {
  out.model = in.line(longest_text, model_complaint).value_or("");
}

void read_publish(const yaml_cursor& in, spec& out) {
  static const std::vector<std::string_view> words = {"true", "false", "draft",
                                                      "yes", "no"};
  constexpr std::array meanings = {publishing::yes, publishing::no,
                                   publishing::draft, publishing::yes,
                                   publishing::no};
  if (const auto word = in.one_of(words))
    out.publish = meanings[*word];
}

void read_conflict(const yaml_cursor& in, spec& out) {
  if (const auto word = in.one_of({conflicts.begin(), conflicts.end()}))
    out.conflict = static_cast<branch_conflict>(*word);
}

void read_priority(const yaml_cursor& in, spec& out) {
  out.priority =
    static_cast<int>(in.whole(-highest_priority, highest_priority).value_or(0));
}

constexpr std::array keys = {
  spec_key{"name", read_name},
  spec_key{"repositories", read_repositories},
  spec_key{"tasks", read_tasks},
  spec_key{"include", read_include},
  spec_key{"exclude", read_exclude},
  spec_key{"skip_forks", read_skip_forks},
  spec_key{"skip_archived", read_skip_archived},
  spec_key{"prompt", read_prompt},
  spec_key{"prompt_file", read_prompt_file},
  spec_key{"base", read_base},
  spec_key{"branch", read_branch},
  spec_key{"commit", read_commit},
  spec_key{"pr", read_pr},
  spec_key{"provider", read_provider},
  spec_key{"model", read_model},
  spec_key{"validate", read_validate},
  spec_key{"limits", read_limits},
  spec_key{"publish", read_publish},
  spec_key{"conflict", read_conflict},
  spec_key{"priority", read_priority},
};

/// What only the whole can lack. `given` has the keys that are there.
void check_whole(const yaml_cursor& root, const YAML::Node& node) {
  const auto has = [&node](const char* key) {
    return static_cast<bool>(node[key]);
  };
  if (!has("name"))
    root.wrong("name is missing: name the batch, like \"name: bump-node\"");
  if (has("repositories") == has("tasks"))
    root.wrong(has("tasks")
                 ? "repositories and tasks exclude each other: keep one"
                 : "repositories are missing: list them, or name a file of "
                   "tasks (tasks: tasks.jsonl)");
  if (has("prompt") && has("prompt_file"))
    root.wrong("prompt and prompt_file exclude each other: keep one");
  if (!has("prompt") && !has("prompt_file") && !has("tasks"))
    root.wrong("prompt is missing: say what is to be done (prompt, or "
               "prompt_file)");
}

} // namespace

spec read_spec(std::string_view yaml, std::string_view file,
               problem_log& problems) {
  spec out;
  const yaml_source source{yaml, file, problems};
  out.at = {std::string(file), 0, 0};
  try {
    const auto node = load_yaml(source, longest_spec);
    if (!node)
      return out;
    const yaml_cursor root(source, *node);
    read_keys(root, keys, out);
    if (root.is_map())
      check_whole(root, *node);
  } catch (const YAML::Exception& e) {
    problems.add(out.at, "", "not valid YAML: " + e.msg);
  }
  return out;
}

std::vector<std::string> spec_keys() {
  std::vector<std::string> out;
  for (const auto& key : keys)
    out.emplace_back(key.name);
  add_keys_of_parts(out);
  return out;
}

std::string_view to_string(publishing how) noexcept {
  return publishings[static_cast<std::size_t>(how)];
}

} // namespace pj::batch
