#pragma once
#include "core/policy/times.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pj {

/// What a line of a task's log tells of.
enum class log_kind : std::uint8_t {
  run,     ///< an engine begins or stops to work on the batch
  stage,   ///< a stage of the task begins
  step,    ///< a step is in the journal
  wait,    ///< limits that tasks share hold the task back, or no longer do
  retry,   ///< something failed and is tried again
  refused, ///< an answer has no place; the model is asked again
  warning, ///< something a person should know
  event,   ///< what became of an event's delivery
  end,     ///< the task ended
};

/// "run", "stage", …: stable, they are in people's logs.
std::string_view to_string(log_kind x) noexcept;

/// One line of a batch's log.
struct log_entry {
  wall_time at;
  std::string task; ///< empty: of the whole batch
  log_kind kind = log_kind::warning;

  /// For machines: of a stage its name, of an end the state, of a run
  /// "begin", "end" or "stopped" (the text says why), of a wait "held" or
  /// "over"; else empty.
  std::string tag;
  std::string text; ///< one line for people
};

/// One object without a line feed; bytes that are not UTF-8 become U+FFFD.
std::string to_json(const log_entry& x);

/// Inverse of `to_json`; nothing for a line that is none, as a crash may leave
/// one, or of a newer program's kind.
std::optional<log_entry> log_entry_from_json(std::string_view line);

/// "2026-11-22T10:00:00.000Z  retry    overloaded; …" for a terminal, whatever
/// the entry holds; `with_task` names the task after the time.
std::string shown(const log_entry& x, bool with_task);

} // namespace pj
