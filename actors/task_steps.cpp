#include "actors/task.hpp"
#include "core/webhook/event.hpp"
#include "messages/error.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <iterator>
#include <utility>

namespace pj {

using namespace std::chrono_literals;

namespace {

// A journal that crashed is back within its keeper's first delays; a full disk
// gets this long to be cleared.
constexpr int max_journal_writes = 6;
constexpr auto journal_pause = 2s;

// How long what nothing waits for may wait for other rows to go to disk with:
// each transaction costs a write to disk. A crash loses no more than this of
// it, and does it again.
constexpr auto lull = 20ms;

template <class T>
void append(std::vector<T>& to, std::vector<T> more) {
  std::move(more.begin(), more.end(), std::back_inserter(to));
}

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
  unwritten.rows.push_back(
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
  unwritten.rows.push_back(row);
  unwritten.events.push_back(std::move(row));
}

void task_state::announce(const std::string& key, const std::string& message) {
  setup.watch->stage(setup.spec->id, current, message);
  emit(key, "task.progress", "running", {}, message);
  if (!unwritten.rows.empty() && !std::exchange(write_soon, true))
    self->delayed_send(self, lull, write_due{});
}

void task_state::enter(const std::string& key, const std::string& message,
                       std::function<void()> then) {
  announce(key, message);
  flush(std::move(then));
}

void task_state::flush(std::function<void()> then) {
  unwritten.waiting.push_back({std::move(then), ending});
  if (!writing)
    write();
}

void task_state::write_at(write_due x) {
  (x.after_failure ? writing : write_soon) = false;
  if (!writing && !unwritten.rows.empty())
    write();
}

void task_state::write() {
  auto what = std::make_shared<portion>(std::exchange(unwritten, {}));
  if (what->rows.empty())
    return go_on(*what);
  writing = true;
  self->request(setup.services.journal, 60s, record_rows{what->rows})
    .then([this, what](const recorded&) { written(*what); },
          [this, what](const caf::error& error) {
            not_written(std::move(*what), to_failure(error));
          });
}

void task_state::written(portion& what) {
  writing = false;
  write_tries = 0;
  for (const auto& one : steps_in(what.rows))
    setup.watch->note(setup.spec->id, log_kind::step, "recorded " + one);
  go_on(what);
  const bool is_late = !unwritten.rows.empty() && !write_soon;
  if (!writing && (is_late || !unwritten.waiting.empty()))
    write();
}

/// What waited for an earlier life of the task waits no more: its end came.
void task_state::go_on(portion& what) {
  for (auto& row : what.events)
    self->send(setup.services.webhook, deliver_event{std::move(row)});
  for (auto& [then, was_ending] : what.waiting)
    if (ending == was_ending)
      then();
}

void task_state::not_written(portion what, failure why) {
  append(what.rows, std::move(unwritten.rows));
  append(what.events, std::move(unwritten.events));
  append(what.waiting, std::move(unwritten.waiting));
  unwritten = std::move(what);
  if (why.kind == failure_class::retry && ++write_tries < max_journal_writes)
    return self->delayed_send(self, journal_pause, write_due{true});
  writing = false;
  write_tries = 0;
  // Without a record the task cannot go on; its end is told anyway.
  why.kind = failure_class::fail;
  why.code = failure_code::journal;
  why.hits_all = true;
  if (!ending)
    return end(task_end::failed, std::move(why));
  if (why.what != outcome.why.what) // the end tells that itself
    setup.watch->warning(setup.spec->id, why.what);
  outcome.unrecorded = std::move(why);
  auto rest = std::exchange(unwritten, {});
  go_on(rest);
}

} // namespace pj
