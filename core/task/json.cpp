#include "core/task/json.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <string_view>

namespace pj {

using nlohmann::json;

namespace {

constexpr std::array<std::string_view, 6> outcomes = {
  "passed", "failed", "warned", "already_failing", "not_run", "removed"};

} // namespace

json json_of(const llm::usage& x) {
  return {{"input", x.input_tokens},
          {"cached", x.cached_tokens},
          {"cache_write", x.cache_write_tokens},
          {"output", x.output_tokens},
          {"reasoning", x.reasoning_tokens}};
}

llm::usage usage_from(const json& j) {
  llm::usage x;
  j.at("input").get_to(x.input_tokens);
  j.at("cached").get_to(x.cached_tokens);
  j.at("cache_write").get_to(x.cache_write_tokens);
  j.at("output").get_to(x.output_tokens);
  j.at("reasoning").get_to(x.reasoning_tokens);
  return x;
}

json json_of(const check_report& x) {
  return {{"name", x.name},
          {"outcome", outcomes[static_cast<std::size_t>(x.outcome)]},
          {"line", x.line},
          {"output", x.output}};
}

check_report check_from(const json& j) {
  check_report x;
  j.at("name").get_to(x.name);
  j.at("line").get_to(x.line);
  j.at("output").get_to(x.output);
  const auto name = j.at("outcome").get<std::string>();
  x.outcome = check_outcome::not_run;
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    if (outcomes[i] == name)
      x.outcome = static_cast<check_outcome>(i);
  return x;
}

json json_of(const std::optional<double>& x) {
  return x ? json(*x) : json(nullptr);
}

std::optional<double> number_from(const json& j) {
  return j.is_number() ? std::optional(j.get<double>()) : std::nullopt;
}

} // namespace pj
