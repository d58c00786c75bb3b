#include "apps/pj/batch/spending.hpp"

#include "core/task/record.hpp"

#include <algorithm>

namespace pj::batch {

namespace {

failure used_up(const std::string& limit) {
  return {failure_class::fail,
          failure_code::budget,
          "the batch's budget (limits." + limit + ") is spent",
          {},
          {}};
}

result<spent> spent_in(const task_history& history) {
  task_record record;
  for (const auto& one : history.steps)
    if (auto taken = record.take(one.name, one.data); !taken)
      return std::move(taken).error();
  spent out;
  for (const auto& x : record.answers)
    out += spent_on(x.answer.tokens, x.cost_usd);
  for (const auto& x : record.lost)
    out += spent_on(x.tokens, x.cost_usd);
  return out;
}

} // namespace

result<spent> spent_by(const journal_ptr& journal,
                       const std::vector<accepted_task>& tasks) {
  spent out;
  for (const auto& task : tasks)
    if (const auto& x = task.outcome)
      out += spent_on(x->tokens, x->cost_usd);
    else if (task.at == standing::running) {
      const auto history = history_of(journal, task.spec.id);
      auto so_far = history ? spent_in(*history) : history.error();
      if (!so_far)
        return so_far;
      out += *so_far;
    }
  return out;
}

result<std::vector<spending_limit>>
spending_left(const journal_ptr& journal, const accepted& all,
              const std::vector<accepted_task>& todo) {
  using unit = spending_limit::unit;
  std::vector<spending_limit> out;
  if (!all.how.max_cost && !all.how.max_tokens)
    return out;
  auto gone = spent_by(journal, all.tasks);
  if (!gone)
    return std::move(gone).error();
  *gone += all.how.before;
  const bool asks =
    std::any_of(todo.begin(), todo.end(), [](const accepted_task& x) {
      return x.at != standing::planned;
    });
  if (const auto& usd = all.how.max_cost) {
    const auto left = *usd - gone->usd;
    if (left <= 0 && asks)
      return used_up("max_cost");
    out.push_back({std::make_shared<purse>(*usd, gone->usd), unit::dollars,
                   "max_cost of the batch", true});
  }
  if (const auto& tokens = all.how.max_tokens) {
    const auto left = static_cast<double>(*tokens) - gone->tokens;
    if (left <= 0 && asks)
      return used_up("max_tokens");
    const auto most = static_cast<double>(*tokens);
    out.push_back({std::make_shared<purse>(most, gone->tokens), unit::tokens,
                   "max_tokens of the batch", true});
  }
  return out;
}

} // namespace pj::batch
