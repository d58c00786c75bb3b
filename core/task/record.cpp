#include "core/task/record.hpp"

#include "core/json_text.hpp"
#include "core/task/json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace pj {

using nlohmann::json;

namespace {

/// The number at the end of a step's name; 0 when there is none.
int number_of(std::string_view digits) {
  int n = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), n);
  return n;
}

recorded_snapshot snapshot_from(const json& j) {
  recorded_snapshot x;
  j.at("base").get_to(x.base);
  j.at("commit").get_to(x.commit);
  j.at("warnings").get_to(x.warnings);
  return x;
}

recorded_answer answer_from(const json& j) {
  recorded_answer x;
  j.at("text").get_to(x.answer.text);
  x.answer.end = static_cast<llm::finish>(j.at("end").get<int>());
  j.at("raw_finish").get_to(x.answer.raw_finish);
  j.at("refusal").get_to(x.answer.refusal);
  j.at("model").get_to(x.answer.model);
  j.at("request_id").get_to(x.answer.request_id);
  x.answer.tokens = usage_from(j.at("tokens"));
  x.cost_usd = number_from(j.at("cost_usd"));
  x.fallback = j.value("fallback", "");
  return x;
}

recorded_loss loss_from(const json& j) {
  return {usage_from(j.at("tokens")), number_from(j.at("cost_usd"))};
}

validation_report report_from(const json& j) {
  validation_report x;
  for (const auto& one : j)
    x.checks.push_back(check_from(one));
  return x;
}

} // namespace

result<done> task_record::take(std::string_view name, std::string_view data) {
  try {
    if (name.starts_with(step::snapshot)) {
      at = snapshot_from(parse_json(data));
      checks.reset();
    } else if (name.starts_with(step::start)) {
      start = data;
      ++starts;
      checks.reset();
    } else if (name.starts_with(step::ask))
      questions = std::max(questions, number_of(name.substr(step::ask.size())));
    else if (name.starts_with(step::over)) {
      ++unanswered;
      if (!data.empty())
        lost.push_back(loss_from(parse_json(data)));
    } else if (name.starts_with(step::answer))
      answers.push_back(answer_from(parse_json(data)));
    else if (name.starts_with(step::checks))
      checks = report_from(parse_json(data));
    else if (name == step::pr_intent)
      pr_intended = true;
    else if (name.starts_with(step::event))
      events.emplace(name.substr(step::event.size()));
    return done{};
  } catch (const json::exception& e) {
    return failure{failure_class::fail,
                   failure_code::journal,
                   "the journal's step \"" + std::string(name) +
                     "\" cannot be read; use another TASK_ID or remove the "
                     "journal",
                   e.what(),
                   {}};
  }
}

std::string to_json(const recorded_snapshot& x) {
  return json_text(
    json{{"base", x.base}, {"commit", x.commit}, {"warnings", x.warnings}});
}

std::string to_json(const recorded_loss& x) {
  return json_text(
    json{{"tokens", json_of(x.tokens)}, {"cost_usd", json_of(x.cost_usd)}});
}

std::string to_json(const recorded_answer& x) {
  return json_text(json{{"text", x.answer.text},
                        {"end", static_cast<int>(x.answer.end)},
                        {"raw_finish", x.answer.raw_finish},
                        {"refusal", x.answer.refusal},
                        {"model", x.answer.model},
                        {"request_id", x.answer.request_id},
                        {"tokens", json_of(x.answer.tokens)},
                        {"cost_usd", json_of(x.cost_usd)},
                        {"fallback", x.fallback}});
}

std::string to_json(const validation_report& x) {
  json all = json::array();
  for (const auto& one : x.checks)
    all.push_back(json_of(one));
  return json_text(all);
}

} // namespace pj
