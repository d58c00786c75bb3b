#pragma once
#include "core/llm/chat.hpp"
#include "core/validate/checks.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>

namespace pj {

// How the values of a task look in the journal and in result objects. Reading
// throws `nlohmann::json::exception` for foreign shapes.

nlohmann::json json_of(const llm::usage& x);
llm::usage usage_from(const nlohmann::json& j);

nlohmann::json json_of(const check_report& x);
check_report check_from(const nlohmann::json& j);

nlohmann::json json_of(const std::optional<double>& x);
std::optional<double> number_from(const nlohmann::json& j);

} // namespace pj
