#pragma once
#include "core/spec/environment.hpp"

namespace pj::batch {

/// What the settings say about reaching GitHub, with no task and no model at
/// hand: the API's address, and the token or the App's key. Failures have code
/// `configuration`.
result<task_input> reach_github(settings in_force);

} // namespace pj::batch
