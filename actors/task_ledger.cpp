#include "actors/task_ledger.hpp"

#include "core/task/record.hpp"
#include "messages/error.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <iterator>
#include <utility>
#include <variant>

namespace pj {

using namespace std::chrono_literals;

namespace {

// A journal that crashed is back within its keeper's first delays; a full disk
// gets this long to be cleared.
constexpr int max_tries = 6;
constexpr auto between_tries = 2s;

// How long what nothing waits for may wait for other rows. A crash loses no
// more than this of it, and does it again.
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

void task_ledger::add(store_write row) {
  unwritten_.rows.push_back(std::move(row));
}

void task_ledger::add_event(outbox_row event) {
  unwritten_.rows.push_back(event);
  unwritten_.events.push_back(std::move(event));
}

void task_ledger::write_soon() {
  if (!unwritten_.rows.empty() && !std::exchange(timer_runs_, true))
    self_->delayed_send(self_, lull, write_due{});
}

void task_ledger::write_now() {
  flush([] {});
}

void task_ledger::flush(listener then) {
  unwritten_.waiting.push_back({std::move(then), life_});
  if (!writing_)
    write();
}

void task_ledger::write_at(write_due x) {
  (x.after_failure ? writing_ : timer_runs_) = false;
  if (!writing_ && !unwritten_.rows.empty())
    write();
}

void task_ledger::write() {
  auto what = std::make_shared<portion>(std::exchange(unwritten_, {}));
  if (what->rows.empty())
    return go_on(*what);
  writing_ = true;
  self_->request(with_.journal, 60s, record_rows{what->rows})
    .then([this, what](const recorded&) { written(*what); },
          [this, what](const caf::error& error) {
            not_written(std::move(*what), to_failure(error));
          });
}

void task_ledger::written(portion& what) {
  writing_ = false;
  tries_ = 0;
  for (const auto& one : steps_in(what.rows))
    with_.watch->note(with_.task, log_kind::step, "recorded " + one);
  go_on(what);
  const bool is_late = !unwritten_.rows.empty() && !timer_runs_;
  if (!writing_ && (is_late || !unwritten_.waiting.empty()))
    write();
}

void task_ledger::go_on(portion& what) {
  for (auto& event : what.events)
    self_->send(with_.webhook, deliver_event{std::move(event)});
  for (auto& [then, life] : what.waiting)
    if (life == life_)
      then();
}

void task_ledger::not_written(portion what, failure why) {
  append(what.rows, std::move(unwritten_.rows));
  append(what.events, std::move(unwritten_.events));
  append(what.waiting, std::move(unwritten_.waiting));
  unwritten_ = std::move(what);
  if (why.kind == failure_class::retry && ++tries_ < max_tries)
    return self_->delayed_send(self_, between_tries, write_due{true});
  writing_ = false;
  tries_ = 0;
  why.kind = failure_class::fail;
  why.code = failure_code::journal;
  why.hits_all = true;
  if (!with_.lost(std::move(why)))
    return;
  auto rest = std::exchange(unwritten_, {});
  go_on(rest);
}

} // namespace pj
