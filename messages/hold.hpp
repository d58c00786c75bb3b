#pragma once
#include <functional>

namespace pj {

/// Hears that limits shared with other tasks hold a request back (`true`), and
/// that they let it go. Called in the service's actor. Empty: of no interest.
using hold_listener = std::function<void(bool held)>;

} // namespace pj
