#pragma once
#include "core/policy/retry.hpp"

namespace pj {

/// Numbers from 0 to 1, seeded by the system. Thread-safe.
random_source make_random();

} // namespace pj
