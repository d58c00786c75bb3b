#pragma once
#include "adapters/http/port.hpp"
#include "apps/pj/doctor/finding.hpp"
#include "core/llm/models.hpp"
#include "core/spec/environment.hpp"

namespace pj {

/// What of a task is really set and can be asked about.
struct task_parts {
  bool repository = false;
  bool key = false;
};

/// Asks the model's provider, GitHub and the webhook's host, all at once, and
/// compares clocks. Costs nothing and changes nothing. Blocks for at most half
/// a minute.
findings check_services(const task_input& task, const task_parts& has,
                        const llm::model_table& models, http_port& http);

} // namespace pj
