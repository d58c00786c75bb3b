#include "actors/task.hpp"
#include "core/webhook/event.hpp"
#include "messages/error.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace pj {

using namespace std::chrono_literals;

namespace {

// A journal that crashed is back within its keeper's first delays; a full disk
// gets this long to be cleared.
constexpr int max_journal_writes = 6;
constexpr auto journal_pause = 2s;

/// The names of the steps among the rows; an event tells of itself.
std::vector<std::string> steps_in(const std::vector<store_write>& rows) {
  std::vector<std::string> out;
  for (const auto& row : rows)
    if (const auto* one = std::get_if<step_row>(&row);
        one && !one->name.starts_with(step::event))
      out.push_back(one->name);
  return out;
}

} // namespace

void task_state::note(std::string_view step, std::string data) {
  unwritten.push_back(
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
  unwritten.push_back(row);
  undelivered.push_back(std::move(row));
}

void task_state::enter(const std::string& key, const std::string& message,
                       std::function<void()> then) {
  setup.watch->stage(setup.spec->id, current, message);
  emit(key, "task.progress", "running", {}, message);
  flush(std::move(then));
}

void task_state::flush(std::function<void()> then) {
  if (unwritten.empty())
    return then();
  write(std::exchange(unwritten, {}), std::move(then), 1);
}

void task_state::write(std::vector<store_write> rows,
                       std::function<void()> then, int attempt_number) {
  auto on_disk = [this, was_ending = ending, then] {
    for (auto& row : std::exchange(undelivered, {}))
      self->send(setup.services.webhook, deliver_event{std::move(row)});
    if (ending == was_ending)
      then();
  };
  self->request(setup.services.journal, 60s, record_rows{rows})
    .then(
      [this, steps = steps_in(rows), on_disk](const recorded&) {
        for (const auto& one : steps)
          setup.watch->note(setup.spec->id, log_kind::step, "recorded " + one);
        on_disk();
      },
      [this, rows, then, on_disk, attempt_number](const caf::error& error) {
        auto why = to_failure(error);
        if (why.kind == failure_class::retry &&
            attempt_number < max_journal_writes)
          return self->delayed_send(self, journal_pause,
                                    write_again{[=, this, was_ending = ending] {
                                      // An end that came meanwhile wrote its
                                      // own, later rows.
                                      if (ending == was_ending)
                                        write(rows, then, attempt_number + 1);
                                    }});
        // Without a record the task cannot go on; its end is told anyway.
        why.kind = failure_class::fail;
        why.code = failure_code::journal;
        why.hits_all = true;
        if (!ending)
          return end(task_end::failed, std::move(why));
        if (why.what != outcome.why.what) // the end tells that itself
          setup.watch->warning(setup.spec->id, why.what);
        on_disk();
      });
}

} // namespace pj
