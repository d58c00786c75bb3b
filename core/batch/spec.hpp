#pragma once
#include "core/batch/repository.hpp"
#include "core/github/extras.hpp"
#include "core/spec/task_spec.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pj::batch {

/// How far a task goes.
enum class publishing : std::uint8_t {
  yes,   ///< push and open a pull request
  no,    ///< stop after the commit, which stays here
  draft, ///< the pull request is a draft
};

/// How many tasks may be in a stage at once; empty: the engine's usual.
struct stage_limits {
  std::optional<unsigned> tasks;    ///< in all stages together
  std::optional<unsigned> fetch;    ///< clone and fetch
  std::optional<unsigned> llm;      ///< streams of the model
  std::optional<unsigned> validate; ///< check commands
  std::optional<unsigned> push;
  std::optional<unsigned> github; ///< pull requests being opened
};

/// 1 to 10,000 each, and 1 to 100,000 for `tasks`.
struct batch_limits {
  stage_limits concurrency;
  std::optional<double> task_cost;          ///< US dollars, more than 0
  std::optional<double> batch_cost;         ///< US dollars, more than 0
  std::optional<std::uint64_t> task_tokens; ///< input and output together
  std::optional<std::uint64_t> batch_tokens;
  std::optional<std::chrono::milliseconds> timeout; ///< of a task
  std::optional<unsigned> max_open_prs; ///< of the batch, at one moment
};

/// Which of the listed repositories are taken. Names given one by one are
/// taken whatever they are, but for `include` and `exclude`.
struct repository_filter {
  std::vector<std::string> include; ///< globs on owner/name; empty: all
  std::vector<std::string> exclude; ///< beats `include`
  bool skip_forks = true;           ///< listings by GitHub only
  bool skip_archived = true;        ///< listings by GitHub only
};

/// What a batch is to do, as its YAML says. Checked for itself; what depends
/// on the environment and the repositories is up to `make_task_list`.
struct spec {
  std::string name; ///< fit for a task id and a folder, at most 64 bytes
  place at;
  std::vector<repository_source> repositories;
  std::string tasks_file; ///< JSON Lines of tasks instead of repositories
  place tasks_at;
  repository_filter filter;
  text_template prompt;
  std::string prompt_file; ///< still to be read into `prompt`
  std::string base;        ///< empty: as a single task does
  text_template branch;    ///< empty: `pj/{{task.id}}`
  text_template commit;    ///< message; empty: the title
  text_template title;     ///< of the pull request
  text_template body;      ///< of the pull request; empty: the built-in one
  std::string body_file;   ///< still to be read into `body`
  github::extras pr_extras;
  std::string provider; ///< empty: as the environment says
  std::string model;
  std::vector<check_spec> validate; ///< besides the repository's own
  batch_limits limits;
  publishing publish = publishing::yes;
  branch_conflict conflict = branch_conflict::refuse; ///< "skip" in the spec
  int priority = 0; ///< -100 to 100; higher goes first
};

/// More is no spec a person wrote.
constexpr std::size_t longest_spec = 1u << 20;

/// Reads one YAML document. Everything that is wrong goes to `problems` with
/// line and column; the spec is usable when nothing was added. `file` is its
/// name in problems. Reads no other file: those it names are left to the
/// caller.
spec read_spec(std::string_view yaml, std::string_view file,
               problem_log& problems);

/// Every key `read_spec` knows, with dots between levels and "[]" for the
/// items of a list: "limits.max_cost.task", "repositories[].url".
std::vector<std::string> spec_keys();

std::string_view to_string(publishing how) noexcept;

} // namespace pj::batch
