#pragma once
#include "adapters/store/sqlite_store.hpp"
#include "apps/pj/batch/spent.hpp"
#include "core/batch/spec.hpp"
#include "core/batch/summary.hpp"

#include <memory>
#include <string>
#include <vector>

namespace pj::batch {

/// What holds for all tasks of an accepted batch and is not in their specs.
struct terms {
  std::string name;
  bool planning = false; ///< tasks end before the commit
  stage_limits at_once;
  std::optional<double> max_cost;          ///< US dollars, of the batch
  std::optional<std::uint64_t> max_tokens; ///< in and out, of the batch
  std::optional<unsigned> max_open_prs;
  spent before; ///< by attempts that another one took the place of
};

struct accepted_task {
  task_spec spec; ///< its receiver by name only
  standing at = standing::waiting;
  std::optional<task_outcome> outcome;
  int attempt = 1; ///< more: tried again, and nothing else is known of before
};

/// Not begun, or begun and not ended.
inline bool is_open(const accepted_task& t) {
  return t.at == standing::waiting || t.at == standing::running;
}

/// A batch as its journal has it.
struct accepted {
  terms how;
  std::vector<accepted_task> tasks; ///< in the order they are started
};

using journal_ptr = std::shared_ptr<open_journal>;

/// Where the batch's journal and scratch files are.
std::filesystem::path folder_of(const std::filesystem::path& state,
                                const std::string& name);

/// Writes the batch and all its tasks, all or none; returns once they are on
/// disk. Tasks that the journal knows keep their standing; fails (code
/// `configuration`) when one of them was to do something else.
result<done> accept(const journal_ptr& journal, const accepted& what);

/// Writes the terms alone.
result<done> set_terms(const journal_ptr& journal, const terms& how);

/// Writes the terms, and that these tasks are waiting for another attempt or
/// cancelled: an engine must not be at work.
result<done> set_standing(const journal_ptr& journal, const terms& how,
                          const std::vector<std::string>& tasks, standing to);

/// The steps of a task's current attempt.
result<task_history> history_of(const journal_ptr& journal,
                                const std::string& task);

/// Some wait in the outbox. False as well when that cannot be read.
bool has_undelivered_events(const journal_ptr& journal);

/// Fails (code `configuration`) when the journal holds no batch.
result<accepted> load(const journal_ptr& journal);

/// How the tasks stand, for people and machines.
summary summary_of(const accepted& what);

/// "owner/name" where the address says it, else the address.
std::string shown_repository(const repo_url& repo);

} // namespace pj::batch
