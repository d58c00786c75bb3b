#include "actors/task_request.hpp"
#include "core/task/text.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <cmath>

namespace pj {

namespace {

// A file refused this often is asked for whole (PATCHING, section 4).
constexpr int misses_before_whole = 2;

// How often it is looked whether others have settled, half to three halves.
constexpr std::chrono::duration<double> budget_pause{1};

failure out_of_budget(std::string what) {
  return {failure_class::fail, failure_code::budget, std::move(what), {}, {}};
}

/// An unknown price makes the sum unknown.
void add(std::optional<double>& sum, const std::optional<double>& x) {
  if (sum)
    sum = x ? std::optional(*sum + *x) : std::nullopt;
}

void add(llm::usage& sum, const llm::usage& x) {
  sum.input_tokens += x.input_tokens;
  sum.cached_tokens += x.cached_tokens;
  sum.cache_write_tokens += x.cache_write_tokens;
  sum.output_tokens += x.output_tokens;
  sum.reasoning_tokens += x.reasoning_tokens;
}

/// In the limit's unit; empty: the price is not known.
std::optional<double> amount_of(const spending_limit& limit,
                                const std::optional<double>& usd,
                                const llm::usage& tokens) {
  return limit.in == spending_limit::unit::dollars
           ? usd
           : static_cast<double>(tokens.input_tokens + tokens.output_tokens);
}

std::string shown(const spending_limit& limit, double amount) {
  return limit.in == spending_limit::unit::dollars
           ? cost_text(amount)
           : std::to_string(std::llround(amount)) + " tokens";
}

} // namespace

void task_state::ask() {
  if (std::exchange(waits_for_budget, false))
    return ask_model_now();
  const auto number = std::to_string(round);
  if (!is_answered()) // else it was told in the run that asked
    announce("ask-" + number + (fell_back ? "-fallback" : ""),
             round == 1 ? "Asking the model (" + outcome.model + ")..."
                        : "Asking the model again (round " + number + ")...");
  write_prompt();
}

bool task_state::is_answered() const {
  return record.answers.size() >= static_cast<std::size_t>(round);
}

void task_state::write_prompt() {
  const auto& spec = *setup.spec;
  auto next = [this](composed_prompt& x) {
    prompt = std::move(x.what);
    prompted = round;
    ask_model_now();
  };
  if (prompted == round)
    return ask_model_now();
  if (!prompt)
    return request<composed_prompt>(
      setup.services.prompt,
      compose_prompt{spec.id, spec.prompt,
                     spec.repo.owner + "/" + spec.repo.name, at.tree,
                     setup.system_prompt, asked_model()},
      next);
  std::vector<std::string> whole;
  for (const auto& [path, n] : misses)
    if (n >= misses_before_whole)
      whole.push_back(path);
  const auto& before =
    record.answers[static_cast<std::size_t>(round) - 2].answer.text;
  request<composed_prompt>(
    setup.services.prompt,
    compose_repair{spec.id, prompt, before, feedback, at.tree, staged, whole},
    next);
}

void task_state::ask_model_now() {
  if (is_answered())
    return take_answer();
  while (record.open_questions() > 0) // of a run that ended too early
    count_lost_answer(0);
  if (auto why = reserve())
    return why->kind == failure_class::retry ? wait_for_budget()
                                             : failed(*std::move(why));
  note(std::string(step::ask) + std::to_string(++record.questions), {});
  ledger.flush([this] { put_question(); });
}

/// What others hold back for answers under way is more than those will cost.
void task_state::wait_for_budget() {
  waits_for_budget = true;
  hold(true);
  const auto pause = budget_pause * (0.5 + setup.random());
  self->delayed_send(
    self, std::chrono::duration_cast<std::chrono::milliseconds>(pause),
    resume_stage{++generation});
}

void task_state::put_question() {
  auto what = std::make_shared<llm::chat>();
  what->model = fell_back ? setup.spec->fallback_model : setup.spec->model;
  what->system = prompt->system;
  what->messages = prompt->messages;
  asking = true;
  request<answered_model>(
    fell_back ? setup.services.fallback_llm : setup.services.llm,
    ask_model{setup.spec->id, setup.group, std::move(what),
              prompt->estimated_tokens + asked_model().max_output_tokens,
              time_left(), fell_back || !setup.fallback, on_hold()},
    [this](answered_model& x) { answered(std::move(x)); });
}

void task_state::answered(answered_model x) {
  asking = false;
  settle(x.cost_usd, x.answer.tokens);
  recorded_answer paid{std::move(x.answer), x.cost_usd,
                       fell_back ? asked_name() : ""};
  note(std::string(step::answer) + std::to_string(round), to_json(paid));
  record.answers.push_back(std::move(paid));
  take_answer();
}

void task_state::take_answer() {
  const auto& paid = record.answers[static_cast<std::size_t>(round) - 1];
  if (!paid.fallback.empty())
    outcome.model = paid.fallback;
  outcome.rounds = round;
  add(outcome.tokens, paid.answer.tokens);
  add(outcome.cost_usd, paid.cost_usd);
  run(stage::place);
}

void task_state::count_lost_answer(std::uint64_t tokens_received) {
  llm::usage guess;
  guess.input_tokens = prompt ? prompt->estimated_tokens : 0;
  guess.output_tokens = tokens_received;
  const recorded_loss loss{guess, llm::cost_of(asked_model(), guess)};
  close_question(to_json(loss));
  count(loss);
  settle(loss.cost_usd, loss.tokens);
  setup.watch->warning(setup.spec->id,
                       "an answer was cut off; the provider may charge for it, "
                       "so its estimated cost is counted");
}

void task_state::count(const recorded_loss& loss) {
  ++outcome.lost_answers;
  add(outcome.tokens, loss.tokens);
  add(outcome.cost_usd, loss.cost_usd);
}

/// The question under way has no answer; `loss`: what it may cost, or nothing.
void task_state::close_question(std::string loss) {
  note(std::string(step::over) + std::to_string(++record.unanswered),
       std::move(loss));
}

/// Once, and only while nothing was paid: another answer would be paid on top.
bool task_state::may_fall_back(const failure& why) const {
  return current == stage::ask && setup.fallback && !fell_back &&
         why.another_may_answer && record.answers.empty() &&
         outcome.lost_answers == 0;
}

void task_state::fall_back() {
  fell_back = true;
  outcome.model = asked_name();
  tries = 0;
  prompted = 0;
  prompt.reset(); // the window is another one
  setup.watch->warning(setup.spec->id,
                       "asking the fall-back model " + outcome.model);
  run(stage::ask);
}

const llm::model_entry& task_state::asked_model() const {
  return fell_back && setup.fallback ? *setup.fallback : setup.model;
}

std::string task_state::asked_name() const {
  const auto& spec = *setup.spec;
  return fell_back ? std::string(to_string(spec.fallback_provider)) + "/" +
                       spec.fallback_model
                   : std::string(to_string(spec.provider)) + "/" + spec.model;
}

/// Holds back what the answer may come to at most. Else why not; of class
/// `retry` when only what other tasks hold back is in its way.
std::optional<failure> task_state::reserve() {
  llm::usage most;
  most.input_tokens = prompt->estimated_tokens;
  most.output_tokens = asked_model().max_output_tokens;
  const auto cost = llm::cost_of(asked_model(), most);
  for (const auto& limit : setup.limits) {
    const auto amount = amount_of(limit, cost, most);
    if (!amount) {
      release();
      return out_of_budget("the price of " + asked_name() +
                           " is not known, so " + limit.name +
                           " cannot be kept; give it in models.yaml");
    }
    if (const auto ticket = limit.from->reserve(*amount)) {
      tickets.push_back(*ticket);
      continue;
    }
    release();
    auto why =
      out_of_budget("the budget is reached (" + limit.name + ", " +
                    shown(limit, limit.from->limit()) +
                    "): " + shown(limit, limit.from->spent()) +
                    " is spent, and one more answer of " + asked_name() +
                    " may come to " + shown(limit, *amount));
    if (limit.from->has_room_for(*amount))
      why.kind = failure_class::retry;
    why.hits_all = limit.of_batch;
    return why;
  }
  return std::nullopt;
}

/// An answer is there, or as good as paid.
void task_state::settle(const std::optional<double>& usd,
                        const llm::usage& tokens) {
  tickets.resize(setup.limits.size()); // 0: the question of an earlier run
  for (std::size_t i = 0; i < tickets.size(); ++i)
    setup.limits[i].from->settle(
      tickets[i], amount_of(setup.limits[i], usd, tokens).value_or(0));
  tickets.clear();
}

/// Of an earlier run or life. The batch's limits have it already: who opens a
/// batch counts what it has recorded, and a life that crashed settled itself.
void task_state::settle_earlier(const std::optional<double>& usd,
                                const llm::usage& tokens) {
  for (const auto& limit : setup.limits)
    if (!limit.of_batch)
      limit.from->settle(0, amount_of(limit, usd, tokens).value_or(0));
}

/// What was held back is not needed.
void task_state::release() {
  for (std::size_t i = 0; i < tickets.size(); ++i)
    setup.limits[i].from->settle(tickets[i], 0);
  tickets.clear();
}

} // namespace pj
