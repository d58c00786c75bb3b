#pragma once
#include "actors/webhook.hpp"

#include <string>

namespace pj {

/// Headers of one delivery attempt; signed when `secret` is not empty.
event_headers make_event_headers(const std::string& secret);

} // namespace pj
