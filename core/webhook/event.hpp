#pragma once
#include <chrono>
#include <string>
#include <string_view>

namespace pj::webhook {

/// One event of the task contract; all eight keys are always sent.
struct event {
  std::string type;   ///< "task.progress", "pr.created", …
  std::string status; ///< "running", "success" or "failed"
  std::string task;
  std::string workspace;
  std::string branch;
  std::string pr_url;
  std::string error;   ///< one line, cut at 2,000 bytes; empty unless failed
  std::string message; ///< cut at 10,000 bytes, or where the body is 20 kB
};

/// The body: a flat JSON object of exactly eight strings. Bytes that are not
/// UTF-8 become U+FFFD.
std::string body_of(const event& what);

/// The `webhook-id`: the same for the same step of the same attempt, so a
/// resumed task repeats ids instead of events. `created` tells attempts apart
/// even when a journal was lost. Holds no '.', which separates signed parts.
std::string event_id(std::string_view task,
                     std::chrono::sys_time<std::chrono::milliseconds> created,
                     std::string_view key);

/// The first `max_lines` lines, then a line that counts the rest.
std::string first_lines(std::string_view text, std::size_t max_lines);

} // namespace pj::webhook
