#pragma once
#include "adapters/store/port.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace pj {

/// The events in one journal.
struct journal_events {
  std::filesystem::path journal;
  std::vector<outbox_row> rows; ///< by task and sequence
};

/// What the journals of finished and running tasks know of events.
struct deliveries {
  std::vector<journal_events> journals; ///< those with events, by path
  std::vector<std::string> problems; ///< journals that cannot be read, a line
                                     ///< each
};

/// Reads every `run/TASK/journal.db` below `state`, also while engines write
/// them. `task` empty: all tasks.
deliveries read_deliveries(const std::filesystem::path& state,
                           const std::string& task);

/// "waiting", "delivered" or "given up".
std::string_view to_string(delivery_state how) noexcept;

/// For machines: one JSON object, one line.
std::string to_json(const deliveries& all);

/// For people: a line per event under its task, and what can be done.
std::string to_text(const deliveries& all, const std::filesystem::path& state,
                    wall_clock::time_point now);

} // namespace pj
