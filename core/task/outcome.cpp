#include "core/task/outcome.hpp"

#include "core/json_text.hpp"
#include "core/task/json.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace pj {

using nlohmann::json;

namespace {

constexpr std::array<std::string_view, 3> ends = {"succeeded", "failed",
                                                  "cancelled"};

json json_of(const failure& x) {
  return {{"class", to_string(x.kind)},
          {"code", to_string(x.code)},
          {"what", x.what},
          {"details", x.details}};
}

failure failure_from(const json& j) {
  failure x;
  x.kind = failure_class_from(j.at("class").get<std::string>());
  x.code = failure_code_from(j.at("code").get<std::string>());
  j.at("what").get_to(x.what);
  j.at("details").get_to(x.details);
  return x;
}

task_outcome read(const json& j) {
  task_outcome x;
  j.at("task").get_to(x.task);
  const auto end = j.at("end").get<std::string>();
  for (std::size_t i = 0; i < ends.size(); ++i)
    if (ends[i] == end)
      x.end = static_cast<task_end>(i);
  if (j.contains("error") && j["error"].is_object())
    x.why = failure_from(j["error"]);
  j.at("branch").get_to(x.branch);
  j.at("base").get_to(x.base);
  j.at("base_commit").get_to(x.base_commit);
  j.at("commit").get_to(x.commit);
  j.at("pr_url").get_to(x.pr_url);
  j.at("kept_repository").get_to(x.kept_repository);
  j.at("kept_patch").get_to(x.kept_patch);
  j.at("files").get_to(x.files);
  j.at("risky").get_to(x.risky);
  j.at("diff").get_to(x.diff);
  for (const auto& one : j.at("checks"))
    x.checks.push_back(check_from(one));
  j.at("warnings").get_to(x.warnings);
  j.at("model").get_to(x.model);
  x.tokens = usage_from(j.at("tokens"));
  x.cost_usd = number_from(j.at("cost_usd"));
  x.lost_answers = j.value("lost_answers", 0);
  j.at("rounds").get_to(x.rounds);
  return x;
}

} // namespace

std::string_view to_string(task_end end) noexcept {
  return ends[static_cast<std::size_t>(end)];
}

std::string to_json(const task_outcome& x) {
  json checks = json::array();
  for (const auto& one : x.checks)
    checks.push_back(json_of(one));
  json j = {{"task", x.task},
            {"end", to_string(x.end)},
            {"error", nullptr},
            {"branch", x.branch},
            {"base", x.base},
            {"base_commit", x.base_commit},
            {"commit", x.commit},
            {"pr_url", x.pr_url},
            {"kept_repository", x.kept_repository},
            {"kept_patch", x.kept_patch},
            {"files", x.files},
            {"risky", x.risky},
            {"diff", x.diff},
            {"checks", std::move(checks)},
            {"warnings", x.warnings},
            {"model", x.model},
            {"tokens", json_of(x.tokens)},
            {"cost_usd", json_of(x.cost_usd)},
            {"lost_answers", x.lost_answers},
            {"rounds", x.rounds},
            {"replayed", x.replayed},
            {"exit_code", exit_code(x)}};
  if (x.end != task_end::succeeded)
    j["error"] = json_of(x.why);
  return json_text(j);
}

result<task_outcome> outcome_from_json(std::string_view text) {
  try {
    return read(parse_json(text));
  } catch (const json::exception& e) {
    return failure{failure_class::fail,
                   failure_code::journal,
                   "the recorded result cannot be read",
                   e.what(),
                   {}};
  }
}

int exit_code(const task_outcome& x) noexcept {
  if (x.end == task_end::succeeded)
    return 0;
  switch (x.why.code) {
  case failure_code::configuration:
    return 2;
  case failure_code::patch:
    return 3;
  case failure_code::validation:
    return 4;
  case failure_code::budget:
    return 5;
  case failure_code::deadline:
    return 124;
  case failure_code::interrupted:
    return 130;
  default:
    return 1;
  }
}

} // namespace pj
