#include "apps/pj/batch/spending.hpp"

namespace pj::batch {

namespace {

failure used_up(const std::string& limit) {
  return {failure_class::fail,
          failure_code::budget,
          "the batch's budget (limits." + limit + ") is spent",
          {},
          {}};
}

} // namespace

spent spent_by(const std::vector<accepted_task>& tasks) {
  spent out;
  for (const auto& task : tasks)
    if (const auto& x = task.outcome) {
      out.usd += x->cost_usd.value_or(0);
      out.tokens +=
        static_cast<double>(x->tokens.input_tokens + x->tokens.output_tokens);
    }
  return out;
}

result<std::vector<spending_limit>> spending_left(const accepted& all) {
  using unit = spending_limit::unit;
  auto gone = spent_by(all.tasks);
  gone.usd += all.how.before.usd;
  gone.tokens += all.how.before.tokens;
  std::vector<spending_limit> out;
  if (const auto& usd = all.how.max_cost) {
    if (*usd <= gone.usd)
      return used_up("max_cost");
    out.push_back({std::make_shared<purse>(*usd - gone.usd), unit::dollars,
                   "max_cost of the batch", true});
  }
  if (const auto& tokens = all.how.max_tokens) {
    const auto left = static_cast<double>(*tokens) - gone.tokens;
    if (left <= 0)
      return used_up("max_tokens");
    out.push_back({std::make_shared<purse>(left), unit::tokens,
                   "max_tokens of the batch", true});
  }
  return out;
}

} // namespace pj::batch
