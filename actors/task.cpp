#include "actors/task.hpp"

#include "actors/post_to.hpp"
#include "actors/supervised.hpp"
#include "actors/task_request.hpp"
#include "core/spec/digest.hpp"
#include "core/webhook/event.hpp"

#include <caf/actor_clock.hpp>

#include <algorithm>

namespace pj {

namespace {

/// The answer of a task that goes without an end of its own. The engine starts
/// it again from its last recorded step.
failure crashed(const std::string& why) {
  return {failure_class::retry,
          failure_code::internal,
          "the task crashed: " + (why.empty() ? "its actor was ended" : why),
          {},
          {}};
}

// How long a stopped stream may take to say what it cost.
constexpr std::chrono::seconds longest_stop{2};

// How often a branch may move away under a push that replaces it.
constexpr int max_leases = 3;

failure too_late(std::chrono::milliseconds timeout) {
  const auto minutes = static_cast<double>(timeout.count()) / 60'000.0;
  auto text = std::to_string(minutes);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.')
    text.pop_back();
  return {failure_class::cancelled,
          failure_code::deadline,
          "the deadline of " + text + " minutes passed (TASK_TIMEOUT_MINUTES)",
          {},
          {}};
}

} // namespace

task_actor::behavior_type task(task_actor::stateful_pointer<task_state> self,
                               task_setup setup) {
  supervised(self,
             [self](const std::string& text) { state_of(self).crash = text; });
  state_of(self).setup = std::move(setup);
  return state_of(self).behavior();
}

task_actor::behavior_type task_state::behavior() {
  return {
    [this](start_task) { return start(); },
    [this](cancel_task& x) { stop(task_end::cancelled, std::move(x.why)); },
    [this](resume_stage x) {
      if (x.generation != generation || ending)
        return;
      hold(false);
      run(current);
    },
    [this](write_due x) { ledger.write_at(x); },
    [this](held_back x) { hold(x.now); },
    [this](deadline_passed) {
      if (early_end || time_left().count() <= 0)
        stop(task_end::failed, too_late(setup.spec->timeout));
    },
  };
}

caf::result<task_outcome> task_state::start() {
  promise = self->make_response_promise<task_outcome>();
  const auto& spec = *setup.spec;
  ledger.open({spec.id, setup.services.journal, setup.services.webhook,
               setup.watch,
               [this](failure why) { return not_recorded(std::move(why)); }});
  wait_for_deadline();
  outcome.task = spec.id;
  outcome.branch = spec.branch;
  outcome.base = spec.base;
  outcome.cost_usd = 0;
  outcome.model = asked_name();
  run(stage::recall);
  return promise;
}

void task_state::recall() {
  request<recalled_task>(setup.services.journal, recall_task{setup.spec->id},
                         [this](const recalled_task& x) { begin(x.history); });
}

void task_state::begin(const task_history& history) {
  const auto& known = history.task;
  if (!known)
    return begin_attempt(1, false);
  const auto same = known->inputs == setup.inputs;
  if (same && known->state == "waiting")
    return begin_attempt(known->attempt, false);
  if (same && known->state == "planned" && !setup.spec->dry_run)
    return resume(history);
  if (!same || known->state == to_string(task_end::failed) ||
      known->state == to_string(task_end::cancelled))
    return begin_attempt(known->attempt + 1, false);
  if (known->state == "running")
    return resume(history);
  auto before = outcome_from_json(known->outcome);
  if (!before)
    return begin_attempt(known->attempt + 1, false);
  outcome = std::move(*before);
  outcome.replayed = true;
  reply_and_quit();
}

void task_state::resume(const task_history& history) {
  attempt = history.task->attempt;
  created = history.task->created;
  begun = true;
  if (history.task->state == "running")
    setup.watch->warning(setup.spec->id,
                         "going on where an earlier run stopped");
  else
    ledger.add(row("running", {}));
  for (const auto& s : history.steps) {
    if (auto taken = record.take(s.name, s.data); !taken)
      return end(task_end::failed, taken.error());
  }
  for (const auto& loss : record.lost) {
    count(loss);
    settle_earlier(loss.cost_usd, loss.tokens);
  }
  for (const auto& paid : record.answers) {
    settle_earlier(paid.cost_usd, paid.answer.tokens);
    fell_back = setup.fallback && !paid.fallback.empty();
  }
  begin_attempt(attempt, true);
}

void task_state::begin_attempt(int n, bool known) {
  attempt = n;
  begun = true;
  if (known)
    return run(stage::fetch);
  created = setup.now();
  ledger.add(row("running", {}));
  run(stage::fetch);
}

task_row task_state::row(std::string_view state, std::string result) const {
  return {setup.spec->id,     setup.inputs, to_json(*setup.spec),
          std::string(state), attempt,      created,
          std::move(result)};
}

void task_state::run(stage next) {
  if (ending)
    return;
  if (next != current)
    tries = 0;
  current = next;
  if (begun && early_end)
    return end(early_end->first, early_end->second);
  switch (next) {
  case stage::recall:
    return recall();
  case stage::fetch:
    return fetch();
  case stage::branch:
    return branch();
  case stage::ask:
    return ask();
  case stage::place:
    return place();
  case stage::check:
    return check();
  case stage::publish:
    return publish();
  case stage::open_pr:
    return open_pr();
  }
}

/// Cancel or deadline. Before the journal has told what is known, there is no
/// attempt to end: it waits for that. A stream has to say what it cost; who
/// asks twice does not wait for it.
void task_state::stop(task_end how, failure why) {
  const bool again = early_end.has_value();
  if (!again)
    early_end.emplace(how, std::move(why));
  if (!begun)
    return;
  if (again || !asking)
    return end(early_end->first, early_end->second);
  abandon_model();
  self->delayed_send(self, longest_stop, deadline_passed{});
}

void task_state::abandon_model() {
  const abandon stop{setup.spec->id};
  self->send(setup.services.llm, stop);
  if (setup.services.fallback_llm)
    self->send(setup.services.fallback_llm, stop);
}

void task_state::failed(failure why) {
  asking = false;
  hold(false);
  if (ending)
    return;
  if (why.may_be_paid)
    count_lost_answer(why.tokens_received);
  else if (current == stage::ask && record.open_questions() > 0)
    close_question({});
  release();
  if (early_end)
    return end(early_end->first, early_end->second);
  // It is replaced as it is now.
  if (why.lease_lost && setup.spec->conflict == branch_conflict::replace &&
      ++leases_lost < max_leases)
    return look_at_branch();
  // A service may tell of the time that is up before the clock does.
  if (why.kind == failure_class::retry && time_left().count() <= 0)
    return end(task_end::failed, too_late(setup.spec->timeout));
  if (why.kind != failure_class::retry)
    return give_up(std::move(why));
  const bool waits = why.shared_limit && setup.clock->waiting_is_free();
  const auto delay = setup.retry.next_delay(
    why, ++tries, waits ? longest_hold : time_left(), setup.random);
  if (!delay)
    return give_up(std::move(why));
  hold(waits);
  setup.watch->note(setup.spec->id, log_kind::retry,
                    why.what + "; trying again in " +
                      std::to_string((delay->count() + 999) / 1000) + " s");
  self->delayed_send(self, *delay, resume_stage{++generation});
}

void task_state::give_up(failure why) {
  if (!may_fall_back(why))
    return end(task_end::failed, std::move(why));
  setup.watch->warning(setup.spec->id, why.what);
  fall_back();
}

void task_state::end(task_end how, failure why) {
  if (ending)
    return;
  ending = true;
  ledger.forget_waiting();
  if (asking) // and what came of it is not known
    count_lost_answer(0);
  if (!begun)
    created = setup.now();
  outcome.end = how;
  if (how != task_end::succeeded) {
    abandon_everywhere(self, setup.services, setup.spec->id);
    outcome.why = std::move(why);
    outcome.why.what = hidden(outcome.why.what);
    outcome.why.details = hidden(outcome.why.details);
    emit("end", "task.failed", "failed", outcome.why.what,
         outcome.why.details.empty() ? outcome.why.what : outcome.why.details);
  } else {
    // A plan that is carried out later ends a second time.
    emit(setup.spec->dry_run ? "planned" : "end", "task.completed", "success",
         {}, "Task completed.");
  }
  // Without `begun` the journal's row is not ours to overwrite.
  if (begun)
    ledger.add(row(setup.spec->dry_run && how == task_end::succeeded
                     ? "planned"
                     : to_string(how),
                   to_json(outcome)));
  ledger.flush([this] { reply_and_quit(); });
}

void task_state::reply_and_quit() {
  ending = true;
  promise.deliver(outcome);
  self->quit();
}

std::string task_state::hidden(const std::string& text) const {
  return setup.hide ? setup.hide(text) : text;
}

std::chrono::milliseconds task_state::time_left() const {
  return setup.clock->left(self->clock().now());
}

void task_state::hold(bool now) {
  const auto time = self->clock().now();
  if (now == setup.clock->is_held())
    return;
  setup.watch->held(setup.spec->id, now);
  if (now)
    return setup.clock->hold(time);
  setup.clock->let_go(time);
  wait_for_deadline();
}

hold_listener task_state::on_hold() const {
  if (!setup.clock->waiting_is_free())
    return {};
  return [post = post_to(task_actor{self})](bool now) { post(held_back{now}); };
}

void task_state::wait_for_deadline() {
  self->delayed_send(self, std::max(time_left(), std::chrono::milliseconds{1}),
                     deadline_passed{});
}

task_state::~task_state() {
  release();
  if (promise.pending())
    promise.deliver(make_error(crashed(crash)));
}

} // namespace pj
