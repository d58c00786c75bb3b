#pragma once
#include "core/failure.hpp"
#include "core/llm/chat.hpp"
#include "core/validate/checks.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pj {

enum class task_end : std::uint8_t { succeeded, failed, cancelled };

/// How a task ended; the result object of `pj run --json`.
struct task_outcome {
  std::string task;
  task_end end = task_end::failed;
  failure why; ///< meaningful unless succeeded
  std::string branch;
  std::string base;
  std::string base_commit;
  std::string commit;          ///< empty: none was made
  std::string pr_url;          ///< empty: none
  std::string kept_repository; ///< where a commit lies that was not pushed
  std::string kept_patch;
  std::vector<std::string> files; ///< changed paths
  std::vector<std::string> risky; ///< of these, what a person should look at
  std::string diff;               ///< unified
  std::vector<check_report> checks;
  std::vector<std::string> warnings;
  std::string model;              ///< "provider/model"
  llm::usage tokens;              ///< of all rounds
  std::optional<double> cost_usd; ///< empty: price unknown
  int lost_answers = 0;  ///< begun and cut; part of the cost, as estimated
  int rounds = 0;        ///< answers asked for
  bool replayed = false; ///< recorded by an earlier run, nothing was done
  /// Why the journal does not have this end: the task may be gone on with.
  /// Not in the JSON.
  std::optional<failure> unrecorded;
};

/// "succeeded", "failed" or "cancelled": as in the journal.
std::string_view to_string(task_end end) noexcept;

/// The JSON result object, one line. Strings are made valid UTF-8.
std::string to_json(const task_outcome& outcome);

/// Inverse of `to_json` for what the journal holds; fails on foreign text.
result<task_outcome> outcome_from_json(std::string_view json);

/// Exit code of `pj run` for this end (see CONTRACT: 0, 1, 2, 3, 4, 5, 124,
/// 130).
int exit_code(const task_outcome& outcome) noexcept;

} // namespace pj
