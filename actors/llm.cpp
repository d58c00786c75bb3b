#include "actors/llm.hpp"

#include "actors/post_to.hpp"
#include "actors/supervised.hpp"
#include "core/llm/error_body.hpp"

#include <caf/actor_clock.hpp>

#include <algorithm>

namespace pj {

namespace {

failure resting(provider_id provider) {
  failure out{failure_class::fail,
              failure_code::model,
              std::string(to_string(provider)) +
                " is not asked for a while: it failed too often in a row",
              {},
              {}};
  out.another_may_answer = true;
  return out;
}

} // namespace

llm_actor::behavior_type
llm_service(llm_actor::stateful_pointer<llm_state> self,
            std::shared_ptr<llm_port> port, std::shared_ptr<observer> watch,
            llm_config config) {
  supervised(self);
  auto& state = state_of(self);
  state.port = std::move(port);
  state.watch = std::move(watch);
  state.limiter.emplace(config.limits, config.random);
  state.breaker.emplace(config.breaker, config.random);
  state.config = std::move(config);
  return state.behavior();
}

llm_actor::behavior_type llm_state::behavior() {
  return {
    [this](ask_model& x) { return ask(std::move(x)); },
    [this](const abandon& x) { forget(x.task); },
    [this](const stream_ended& x) { settle(x); },
    [this](limiter_wake x) {
      if (x.generation == wake_generation)
        pump();
    },
  };
}

caf::result<answered_model> llm_state::ask(ask_model what) {
  auto promise = self->make_response_promise<answered_model>();
  const auto id = ++last_id;
  questions.emplace(id, question{std::move(what), promise});
  enqueue(id);
  pump();
  hold_if_waiting(id);
  return promise;
}

void llm_state::hold_if_waiting(std::uint64_t id) {
  const auto i = questions.find(id);
  if (i == questions.end() || i->second.operation != 0)
    return;
  i->second.held = true;
  if (const auto& tell = i->second.what.held)
    tell(true);
}

void llm_state::enqueue(std::uint64_t id) {
  const auto& what = questions.at(id).what;
  limiter->enqueue(id, what.group, what.estimated_tokens, self->clock().now());
}

void llm_state::pump() {
  const auto now = self->clock().now();
  if (const auto opens = breaker->opens_at(now)) {
    turn_away();
    return wake_at(*opens);
  }
  if (breaker->is_probing()) // its outcome pumps again
    return turn_away();
  if (breaker->now_is(now) == circuit_breaker::state::half_open)
    return try_one(now);
  for (const auto id : limiter->ready(now))
    start(id);
  wake_for_next(now);
}

void llm_state::try_one(steady_time now) {
  for (const auto id : limiter->ready(now, 1)) {
    breaker->allows(now);
    probe = id;
    start(id);
  }
  if (!breaker->is_probing())
    wake_for_next(now);
}

void llm_state::wake_for_next(steady_time now) {
  if (const auto next = limiter->next_wakeup(now))
    wake_at(*next);
}

/// Who would rather ask elsewhere than wait hears so.
void llm_state::turn_away() {
  for (auto i = questions.begin(); i != questions.end();) {
    auto& [id, q] = *i;
    if (q.operation != 0 || q.what.patient) {
      ++i;
      continue;
    }
    limiter->forget(id);
    q.promise.deliver(make_error(resting(config.where.provider)));
    i = questions.erase(i);
  }
}

void llm_state::wake_at(steady_time when) {
  const auto pause =
    std::chrono::ceil<std::chrono::milliseconds>(when - self->clock().now());
  self->delayed_send(self, std::max(pause, std::chrono::milliseconds{1}),
                     limiter_wake{++wake_generation});
}

const llm::model_entry& llm_state::entry(const std::string& model) {
  auto i = entries.find(model);
  if (i == entries.end())
    i = entries.emplace(model, config.models.find(config.where.provider, model))
          .first;
  return i->second;
}

void llm_state::start(std::uint64_t id) {
  auto& q = questions.at(id);
  if (std::exchange(q.held, false) && q.what.held)
    q.what.held(false);
  llm_call call;
  call.where = config.where;
  call.what = q.what.what;
  call.model = entry(q.what.what->model);
  call.where.speaks = call.model.speaks.value_or(config.where.speaks);
  call.idle = config.idle;
  call.total = q.what.time_left;
  llm_handler handler;
  handler.text = [watch = watch, task = q.what.task](std::string_view piece) {
    watch->text(task, piece);
  };
  handler.end = [post = post_to(llm_actor{self}), id](llm_outcome outcome) {
    post(stream_ended{id, std::make_shared<llm_outcome>(std::move(outcome))});
  };
  q.operation = port->start(std::move(call), std::move(handler));
}

/// Servers that count no tokens, and streams cut before the count, are charged
/// all the same.
void llm_state::estimate_missing(const question& q, llm::completion& answer) {
  auto& tokens = answer.tokens;
  if (tokens.input_tokens > 0 && tokens.output_tokens > 0)
    return;
  const std::uint64_t most = entry(q.what.what->model).max_output_tokens;
  if (tokens.input_tokens == 0 && q.what.estimated_tokens > most)
    tokens.input_tokens = q.what.estimated_tokens - most;
  if (tokens.output_tokens == 0)
    tokens.output_tokens = llm::estimate_tokens(answer.text);
  watch->warning(q.what.task,
                 "the provider did not count the answer's tokens; they are "
                 "estimated");
}

void llm_state::learn(std::uint64_t id, const llm_outcome& outcome) {
  const auto now = self->clock().now();
  const auto used = outcome.answer ? outcome.answer->tokens.input_tokens +
                                       outcome.answer->tokens.output_tokens
                                   : 0;
  // A stream may begin with 200 and end by what the provider suffers.
  const bool broke = outcome.status / 100 == 2 && !outcome.answer &&
                     outcome.answer.error().kind == failure_class::retry;
  const auto status = broke ? 500 : outcome.status;
  limiter->on_response(id, outcome.headers, status, used, now);
  const bool is_late = breaker->is_probing() && id != probe;
  const bool is_bad = status == 0 || status >= 500;
  if (is_bad && !is_late)
    breaker->failed(now);
  else if (!is_bad)
    breaker->succeeded();
}

void llm_state::settle(const stream_ended& x) {
  const auto i = questions.find(x.id);
  if (i == questions.end())
    return;
  auto& outcome = *x.outcome;
  const bool abandoned = i->second.abandoned;
  if (outcome.answer)
    estimate_missing(i->second, *outcome.answer);
  if (abandoned && outcome.status == 0)
    release(x.id);
  else
    learn(x.id, outcome);
  if (!abandoned && !outcome.answer && adapt_and_ask_again(x.id, outcome)) {
    pump();
    return hold_if_waiting(x.id);
  }
  auto q = std::move(i->second);
  questions.erase(i);
  if (outcome.answer) {
    const auto cost =
      llm::cost_of(entry(q.what.what->model), outcome.answer->tokens);
    q.promise.deliver(answered_model{std::move(*outcome.answer), cost});
  } else {
    auto why = abandoned ? pj::abandoned() : outcome.answer.error();
    why.may_be_paid = outcome.may_be_paid;
    why.tokens_received = llm::estimate_tokens(outcome.text_bytes);
    if (outcome.status == 0 && why.kind == failure_class::retry)
      why.another_may_answer = true; // no provider answered
    q.promise.deliver(make_error(why));
  }
  pump();
}

bool llm_state::adapt_and_ask_again(std::uint64_t id,
                                    const llm_outcome& outcome) {
  if (outcome.status != 400)
    return false;
  const auto fix = llm::unsupported_parameter(outcome.body);
  const auto& model = questions.at(id).what.what->model;
  entry(model);
  if (!fix || !llm::adapt(entries.at(model), *fix))
    return false;
  questions.at(id).operation = 0;
  enqueue(id);
  return true;
}

/// No outcome to learn from.
void llm_state::release(std::uint64_t id) {
  limiter->forget(id);
  if (id == probe)
    breaker->gave_up();
}

/// A stream under way is answered when it is stopped: only then is it known
/// what the provider may charge for.
void llm_state::forget(const std::string& task) {
  for (auto i = questions.begin(); i != questions.end();) {
    auto& [id, q] = *i;
    if (q.what.task == task && q.operation == 0) {
      limiter->forget(id);
      q.promise.deliver(make_error(abandoned()));
      i = questions.erase(i);
      continue;
    }
    if (q.what.task == task && !std::exchange(q.abandoned, true))
      port->cancel(q.operation);
    ++i;
  }
  pump();
}

llm_state::~llm_state() {
  for (auto& [id, q] : questions) {
    if (q.operation != 0)
      port->cancel(q.operation);
    auto why = restarting("llm");
    why.may_be_paid = q.operation != 0;
    q.promise.deliver(make_error(why));
  }
}

} // namespace pj
