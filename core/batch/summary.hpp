#pragma once
#include "core/task/outcome.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pj::batch {

/// Where a task of a batch is.
enum class standing : std::uint8_t {
  waiting,   ///< not begun
  running,   ///< begun and not ended; an engine that stopped goes on with it
  planned,   ///< the change is ready and not published
  succeeded, ///< published as far as the batch says
  failed,
  cancelled,
};

/// "waiting", "running", … as in the journal.
std::string_view to_string(standing x) noexcept;

/// Inverse of `to_string`; what a newer program may have written is `failed`.
standing standing_from(std::string_view name) noexcept;

/// One task of a batch as it is now.
struct task_result {
  std::string task;
  std::string repository; ///< as people know it: owner/name, or the URL
  standing at = standing::waiting;
  std::optional<task_outcome> outcome; ///< once it ended
};

/// A batch as it is now.
struct summary {
  std::string name;
  std::vector<task_result> tasks;
  std::string stopped; ///< why it stopped early, one line; empty: it did not
};

struct counts {
  std::size_t total = 0;
  std::size_t waiting = 0;
  std::size_t running = 0;
  std::size_t planned = 0;
  std::size_t succeeded = 0;
  std::size_t failed = 0;
  std::size_t cancelled = 0;
  double cost_usd = 0;       ///< of what has a known price
  bool cost_unknown = false; ///< a model without a price was asked
};

counts count(const summary& of);

/// Tasks that ended badly for the same reason.
struct cause {
  std::string what; ///< the first task's line
  std::vector<const task_result*> tasks;
};

/// The most frequent first. Lines that differ only in names, numbers and quoted
/// text are one reason.
std::vector<cause> causes_of(const summary& of);

enum class summary_form : std::uint8_t { text, json, jsonl, junit, markdown };

/// Fails for an unknown name, telling the known ones.
result<summary_form> summary_form_from(std::string_view name);

/// Ends in a line feed. Foreign text cannot break out of its place: it is
/// escaped as the form wants it.
std::string render(const summary& of, summary_form how);

} // namespace pj::batch
