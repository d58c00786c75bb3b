#pragma once
#include "messages/protocol.hpp"

namespace pj {

/// Private: the back-off after a crash is over.
struct restart_service {};

} // namespace pj

PJ_LOCAL_MESSAGE(pj::restart_service)
