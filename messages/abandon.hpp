#pragma once
#include "messages/protocol.hpp"

#include <string>

namespace pj {

/// Stop whatever runs or waits for this task; its requests are answered with a
/// `cancelled` failure. Every service understands it.
struct abandon {
  std::string task;
};

} // namespace pj

PJ_LOCAL_MESSAGE(pj::abandon)
