#pragma once
#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace pj {

using wall_clock = std::chrono::system_clock;

/// A task as last written. One row per id.
struct task_row {
  std::string id;
  std::string inputs; ///< digest of everything that decides the outcome
  std::string spec;   ///< JSON, without secrets
  std::string state;  ///< "waiting", "running", "planned" (a dry run's end),
                      ///< "succeeded", "failed", "cancelled"
  int attempt = 1;    ///< counted from 1
  wall_clock::time_point created; ///< of this attempt; the commit's date
  std::string outcome;            ///< JSON result object; empty while running
};

/// One recorded step. (task, attempt, name) is unique; a second write of the
/// same name is ignored, so recording is idempotent.
struct step_row {
  std::string task;
  int attempt = 1;
  std::string name; ///< e.g. "snapshot", "answer.1", "push.intent"
  std::string data; ///< JSON or text, up to some MB
};

enum class delivery_state : std::uint8_t { pending, delivered, given_up };

/// One event on its way. Unique by id; a second insert is ignored.
struct outbox_row {
  std::string id; ///< the `webhook-id`; no '.' in it
  std::string task;
  std::int64_t sequence = 0; ///< order within the task
  std::string url;
  std::string body;
  delivery_state state = delivery_state::pending;
  int attempts = 0;
  wall_clock::time_point created;
  wall_clock::time_point next; ///< not before
  std::string last_error;
};

/// Changes an event's progress.
struct outbox_update {
  std::string id;
  delivery_state state = delivery_state::pending;
  int attempts = 0;
  wall_clock::time_point next;
  std::string last_error;
};

/// The batch that all tasks of a journal belong to; one at most. A second
/// write of the name changes its data.
struct batch_row {
  std::string name;
  std::string data; ///< JSON, without secrets
  wall_clock::time_point created;
};

using store_write =
  std::variant<task_row, step_row, outbox_row, outbox_update, batch_row>;

/// Everything known about a task's current attempt.
struct task_history {
  std::optional<task_row> task;
  std::vector<step_row> steps; ///< of the current attempt, oldest first
};

/// The durable record behind the journal actor. Thread-safe; callbacks come on
/// the writer thread. Writes of one call are atomic; calls are grouped into
/// transactions and answered after the data is on disk.
class store_port {
public:
  virtual ~store_port() = default;
  virtual void write(std::vector<store_write> rows,
                     std::function<void(result<done>)> then) = 0;
  virtual void load(std::string task,
                    std::function<void(result<task_history>)> then) = 0;
  virtual void
  tasks(std::function<void(result<std::vector<task_row>>)> then) = 0;

  /// Empty: the journal is of single tasks.
  virtual void
  batch(std::function<void(result<std::optional<batch_row>>)> then) = 0;

  /// Pending events by task and sequence.
  virtual void
  outbox(std::function<void(result<std::vector<outbox_row>>)> then) = 0;

  /// Every event, also the delivered ones, by task and sequence.
  virtual void
  all_events(std::function<void(result<std::vector<outbox_row>>)> then) = 0;
};

} // namespace pj
