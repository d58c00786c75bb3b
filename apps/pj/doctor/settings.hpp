#pragma once
#include "apps/pj/doctor/finding.hpp"
#include "apps/pj/doctor/services.hpp"
#include "core/spec/environment.hpp"

#include <optional>

namespace pj {

/// A task as far as it is set.
struct known_task {
  findings about; ///< the settings themselves
  task_parts has;

  /// With stand-ins for what is not set; empty when a value is impossible.
  std::optional<task_input> input;
};

/// Every line of a `configuration` failure.
findings wrong_settings(const failure& why);

/// Reads what is in force. What is merely not set is wrong only when it is a
/// part of a task that is there.
known_task look_at_settings(const settings& in_force,
                            const llm::model_table& models);

} // namespace pj
