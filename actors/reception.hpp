#pragma once
#include "messages/engine.hpp"

#include <functional>
#include <string>

namespace pj {

/// Hands tasks to `engine` and what became of them back to whoever submitted
/// them; one for all tasks, as an actor for each would cost a kilobyte. Ends
/// when the engine has ended and everybody heard. A callback that throws is
/// told to `log`: other tasks need this actor.
reception_actor::behavior_type
reception(reception_actor::pointer self, engine_actor engine,
          std::function<void(const std::string&)> log);

} // namespace pj
