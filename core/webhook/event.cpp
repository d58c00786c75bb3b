#include "core/webhook/event.hpp"

#include "core/json_text.hpp"
#include "core/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace pj::webhook {

namespace {

// CONTRACT: details are cut at 10,000 characters. Counted in bytes, which
// never allows more.
constexpr std::size_t max_message = 10'000;
constexpr std::string_view more_lines = "\n…";
constexpr std::string_view more_words = "…";

// Standard Webhooks wants payloads below 20 kB.
constexpr std::size_t max_body = 20'000;
constexpr std::size_t max_error = 2'000;

std::string cut(std::string_view text, std::size_t max, std::string_view more) {
  if (text.size() <= max)
    return std::string(text);
  return std::string(clipped(text, max - more.size())) + std::string(more);
}

std::string body_with(const event& what, std::size_t room) {
  const nlohmann::ordered_json j = {
    {"type", what.type},
    {"taskId", what.task},
    {"workspaceId", what.workspace},
    {"branchName", what.branch},
    {"prUrl", what.pr_url},
    {"status", what.status},
    {"error", cut(what.error, max_error, more_words)},
    {"message", cut(what.message, room, more_lines)}};
  return json_text(j);
}

} // namespace

std::string body_of(const event& what) {
  auto room = max_message;
  auto body = body_with(what, room);
  // What needs escapes takes up to six times its size.
  while (body.size() >= max_body && room > max_message / 10) {
    room -= max_message / 10;
    body = body_with(what, room);
  }
  return body;
}

std::string event_id(std::string_view task,
                     std::chrono::sys_time<std::chrono::milliseconds> created,
                     std::string_view key) {
  std::string id = "evt_" + std::string(task);
  // Not in task ids, so different tasks keep different ids.
  std::replace(id.begin(), id.end(), '.', '~');
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits,
                                 created.time_since_epoch().count(), 36);
  return id + "_" + std::string(digits, end.ptr) + "_" + std::string(key);
}

std::string first_lines(std::string_view text, std::size_t max_lines) {
  std::size_t at = 0;
  for (std::size_t n = 0; n < max_lines; ++n) {
    const auto end = text.find('\n', at);
    if (end == std::string_view::npos)
      return std::string(text);
    at = end + 1;
  }
  const auto rest = std::count(text.begin() + static_cast<std::ptrdiff_t>(at),
                               text.end(), '\n') +
                    (text.empty() || text.back() == '\n' ? 0 : 1);
  std::string out(text.substr(0, at));
  return rest == 0 ? out : out + "… " + std::to_string(rest) + " more lines";
}

} // namespace pj::webhook
