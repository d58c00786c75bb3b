#pragma once
#include "adapters/environment.hpp"
#include "core/llm/models.hpp"

namespace pj {

/// The built-in model table with the user's own models.yaml on top, if there
/// is one. Failures have code `configuration` and name the file.
result<llm::model_table> load_models(const user_folders& folders);

} // namespace pj
