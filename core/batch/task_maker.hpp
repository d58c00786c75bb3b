#pragma once
// Makes the tasks of a batch one by one. Included by the two sources that
// read them from repositories and from lines.
#include "core/batch/task_list.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace pj::batch {

constexpr std::size_t most_tasks_of_batch = 100'000;

/// What people said of one task, under a name of the task contract.
struct said {
  std::string value;
  place at;
  std::string key; ///< what people called it
};

/// One task before the rules of the contract were applied.
struct raw_task {
  std::map<std::string, said, std::less<>> settings;
  text_template prompt; ///< when `settings` has none
  text_template branch; ///< likewise
  std::string commit;
  std::optional<int> priority;
  std::string distinction; ///< goes into an id made for it; may be empty
  place at;
};

/// Completes raw tasks from the spec and the environment, and applies the rules
/// of a single task and those of a batch: ids and branches are unique, one
/// server has all the repositories.
class task_maker {
public:
  task_maker(const spec& from, const settings& environment,
             const llm::model_table& models, problem_log& problems);

  void add(raw_task one);

  task_list take();

private:
  void fill_in(raw_task& one, const repo_url& repo);
  void give_id(raw_task& one, const repo_url& repo) const;
  settings in_force(const raw_task& one);
  void stand_in_for_key(settings& all);
  void note(const raw_task& one, const failure& why);
  void keep(raw_task one, task_input made, const repo_url& repo);
  void check_prices(const task_spec& made, const place& at);
  bool fits_the_others(const task_spec& made, const place& at);

  const spec& spec_;
  const llm::model_table& models_;
  problem_log& problems_;
  settings common_; ///< environment, and what the spec says of every task
  task_list out_;
  std::set<std::string> told_; ///< lines that hold for the batch as a whole
  std::map<std::string, place> ids_;
  std::map<std::string, place> branches_; ///< by repository and branch
  std::string host_;
  std::uint64_t bytes_ = 0; ///< of all prompts
};

} // namespace pj::batch
