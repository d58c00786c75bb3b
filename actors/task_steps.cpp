#include "actors/task.hpp"
#include "core/webhook/event.hpp"

#include <utility>

namespace pj {

void task_state::note(std::string_view step, std::string data) {
  ledger.add(
    step_row{setup.spec->id, attempt, std::string(step), std::move(data)});
}

void task_state::emit(std::string key, std::string type, std::string status,
                      std::string error, std::string message) {
  const auto& spec = *setup.spec;
  const auto first = record.events.insert(key).second;
  if (spec.webhook_url.empty() || !first)
    return;
  const auto sequence = static_cast<std::int64_t>(record.events.size());
  outbox_row row;
  row.id = webhook::event_id(
    spec.id, std::chrono::time_point_cast<std::chrono::milliseconds>(created),
    key);
  row.task = spec.id;
  // A later attempt's events come after all of an earlier one's.
  row.sequence = attempt * 1'000 + sequence;
  row.url = spec.webhook_url;
  row.body = hidden(webhook::body_of(
    {std::move(type), std::move(status), spec.id, spec.workspace, spec.branch,
     outcome.pr_url, std::move(error), std::move(message)}));
  row.created = setup.now();
  row.next = row.created;
  note(std::string(step::event) + key, {});
  ledger.add_event(std::move(row));
}

void task_state::announce(const std::string& key, const std::string& message) {
  setup.watch->stage(setup.spec->id, current, message);
  emit(key, "task.progress", "running", {}, message);
  ledger.write_soon();
}

void task_state::enter(const std::string& key, const std::string& message,
                       std::function<void()> then) {
  announce(key, message);
  ledger.flush(std::move(then));
}

/// Without a record the task cannot go on; its end is told anyway.
bool task_state::not_recorded(failure why) {
  if (!ending) {
    end(task_end::failed, std::move(why));
    return false;
  }
  if (why.what != outcome.why.what) // the end tells that itself
    setup.watch->warning(setup.spec->id, why.what);
  outcome.unrecorded = std::move(why);
  return true;
}

} // namespace pj
