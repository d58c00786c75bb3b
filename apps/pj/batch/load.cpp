#include "apps/pj/batch/load.hpp"

#include "adapters/files.hpp"
#include "apps/pj/task_files.hpp"
#include "core/batch/input.hpp"
#include "core/batch/repository_files.hpp"
#include "core/batch/repository_name.hpp"
#include "core/batch/templates.hpp"
#include "core/spec/rules.hpp"
#include "core/text.hpp"

#include <optional>
#include <set>
#include <utility>

namespace pj::batch {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_prompt_file = 16u << 20;
constexpr std::size_t longest_body_file = 256u << 10;

class loader {
public:
  loader(const settings& in_force, const llm::model_table& models,
         repository_lister& lister, problem_log& problems)
    : in_force_(in_force), models_(models), lister_(lister),
      problems_(problems) {}

  loaded_batch load(const fs::path& path) {
    folder_ = path.parent_path();
    if (path.extension() == ".jsonl")
      take_tasks_alone(path);
    else if (const auto text = read(path, longest_spec, {}, ""))
      out_.what = read_spec(*text, path.string(), problems_);
    if (!problems_.empty())
      return std::move(out_);
    read_texts();
    if (out_.what.tasks_file.empty())
      make_from_repositories();
    else
      make_from_tasks();
    if (problems_.empty())
      read_common_files();
    count_repositories();
    return std::move(out_);
  }

private:
  /// A file of tasks needs no spec around it; its name becomes the batch's.
  void take_tasks_alone(const fs::path& path) {
    const auto name = path.stem().string();
    if (is_task_id(name) && is_branch_name("pj/" + name) && name.size() <= 64)
      out_.what.name = name;
    else
      problems_.add({path.string(), 0, 0}, "",
                    "the batch is called like the file: rename it to letters, "
                    "digits, '.', '_' and '-'");
    out_.what.tasks_file = path.filename().string();
    out_.what.tasks_at = out_.what.at = {path.string(), 0, 0};
  }

  /// A file that `key` at `at` names.
  std::optional<std::string> read(const fs::path& path, std::size_t longest,
                                  const place& at, std::string_view key) {
    if (path == "-" && std::exchange(has_input_, true)) {
      problems_.add(at, key, "standard input can be read once only");
      return std::nullopt;
    }
    auto text = read_whole_file(path, longest);
    if (text)
      return *std::move(text);
    problems_.add(at, key, text.error().what);
    return std::nullopt;
  }

  fs::path beside_spec(const std::string& name) const {
    return name == "-" ? fs::path(name) : folder_ / name;
  }

  void read_texts() {
    auto& spec = out_.what;
    if (!spec.prompt_file.empty())
      read_text(spec.prompt_file, "prompt_file", longest_prompt_file, false,
                spec.prompt);
    if (!spec.body_file.empty())
      read_text(spec.body_file, "pr.body_file", longest_body_file, true,
                spec.body);
  }

  void read_text(const std::string& name, std::string_view key,
                 std::size_t longest, bool is_body, text_template& into) {
    const auto path = beside_spec(name);
    const auto text = read(path, longest, out_.what.at, key);
    if (!text)
      return;
    into = {std::string(trimmed(*text)), {path.string(), 1, 1}};
    if (!readable(*text, path.string(), longest, problems_))
      return;
    if (const auto why = prompt_complaint(into.text); !why.empty())
      problems_.add({path.string(), 0, 0}, key, why);
    else if (into.text.empty())
      problems_.add({path.string(), 0, 0}, key, "the file is empty");
    check_template(into, is_body, *text, 0, key, problems_);
  }

  void make_from_repositories() {
    std::vector<repository> all;
    for (const auto& source : out_.what.repositories)
      for (auto& one : resolve(source))
        all.push_back(std::move(one));
    auto chosen =
      choose(out_.what.filter, std::move(all), out_.left, problems_);
    if (chosen.empty() && problems_.empty())
      problems_.add(out_.what.at, "repositories",
                    out_.left.empty()
                      ? "no repository was found"
                      : "include, exclude and skip leave none of " +
                          std::to_string(out_.left.size()) + " repositories");
    out_.list =
      make_task_list(out_.what, chosen, in_force_, models_, problems_);
  }

  std::vector<repository> resolve(const repository_source& source) {
    if (source.kind == source_kind::one)
      return {source.own};
    const auto key = "repositories." + std::string(to_string(source.kind));
    if (is_listing(source.kind)) {
      auto listed = lister_.list(source);
      if (listed)
        return *std::move(listed);
      problems_.add(source.at, key, listed.error().what);
      return {};
    }
    const auto path = beside_spec(source.value);
    const auto text = read(path, longest_repository_file, source.at, key);
    if (!text)
      return {};
    return source.kind == source_kind::csv
             ? read_repository_csv(*text, path.string(), problems_)
             : read_repository_lines(*text, path.string(), problems_);
  }

  void make_from_tasks() {
    const auto path = beside_spec(out_.what.tasks_file);
    if (const auto text =
          read(path, longest_task_file, out_.what.tasks_at, "tasks"))
      out_.list = read_task_lines(out_.what, *text, path.string(), in_force_,
                                  models_, problems_);
  }

  /// What the settings name for all tasks: the template of pull requests and
  /// the key of a GitHub App.
  void read_common_files() {
    for (auto& [provider, secrets] : out_.list.secrets) {
      task_input probe;
      probe.secrets = secrets;
      for (const auto& task : out_.list.tasks)
        probe.spec.pr_template_path = task.spec.pr_template_path;
      if (const auto ok = read_task_files(probe); !ok)
        return problems_.add({}, "", ok.error().what);
      secrets = probe.secrets;
      for (auto& task : out_.list.tasks)
        if (!task.spec.pr_template_path.empty())
          task.spec.pr_template = probe.spec.pr_template;
      out_.list.warnings.insert(out_.list.warnings.end(),
                                probe.warnings.begin(), probe.warnings.end());
    }
  }

  void count_repositories() {
    std::set<std::string> keys;
    for (const auto& task : out_.list.tasks)
      keys.insert(repository_key(task.spec.repo));
    out_.repositories = keys.size();
  }

  const settings& in_force_;
  const llm::model_table& models_;
  repository_lister& lister_;
  problem_log& problems_;
  fs::path folder_;
  loaded_batch out_;
  bool has_input_ = false;
};

} // namespace

loaded_batch load_batch(const fs::path& path, const settings& in_force,
                        const llm::model_table& models,
                        repository_lister& lister, problem_log& problems) {
  return loader(in_force, models, lister, problems).load(path);
}

} // namespace pj::batch
