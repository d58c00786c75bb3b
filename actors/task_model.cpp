#include "actors/task.hpp"
#include "core/task/text.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace pj {

namespace {

failure out_of_budget(std::string what) {
  return {failure_class::fail, failure_code::budget, std::move(what), {}, {}};
}

} // namespace

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

/// Holds back what the answer may cost at most.
std::optional<failure> task_state::reserve_cost() {
  if (!setup.money && !setup.batch_money)
    return std::nullopt;
  llm::usage most;
  most.input_tokens = prompt->estimated_tokens;
  most.output_tokens = asked_model().max_output_tokens;
  const auto cost = llm::cost_of(asked_model(), most);
  if (!cost)
    return out_of_budget("the price of " + asked_name() +
                         " is not known, so --max-cost cannot be kept; give "
                         "it in models.yaml");
  if (auto why = reserve(setup.money, *cost, ticket, "--max-cost"))
    return why;
  auto why =
    reserve(setup.batch_money, *cost, batch_ticket, "max_cost of the batch");
  if (why) {
    why->hits_all = true;
    settle_cost(0);
  }
  return why;
}

std::optional<failure> task_state::reserve(const std::shared_ptr<purse>& from,
                                           double cost, std::uint64_t& into,
                                           const std::string& limit) const {
  if (!from)
    return std::nullopt;
  if (const auto taken = from->reserve(cost)) {
    into = *taken;
    return std::nullopt;
  }
  return out_of_budget("the budget is reached (" + limit +
                       "): " + cost_text(from->spent()) +
                       " is spent, and one more answer of " + asked_name() +
                       " may cost up to " + cost_text(cost));
}

void task_state::settle_cost(const std::optional<double>& usd) {
  if (setup.money)
    setup.money->settle(std::exchange(ticket, 0), usd.value_or(0));
  if (setup.batch_money)
    setup.batch_money->settle(std::exchange(batch_ticket, 0), usd.value_or(0));
}

} // namespace pj
