#pragma once
#include "core/llm/provider.hpp"

#include <string>
#include <string_view>

namespace pj {

/// What counts when a variable is not set, as people read it; empty when
/// nothing does.
std::string default_of(std::string_view name, provider_id provider);

} // namespace pj
