#pragma once
#include "core/patch/elide.hpp"

namespace pj::patch {

/// T8, for unified diffs: forgotten `+` marks are rediscovered, the hunk is
/// split into pieces of one change each, and outer context that is wrong is
/// given up. Lines to remove must all be there, lines to add need the nearest
/// context on both sides, and every piece must fit in one place only.
std::optional<pieced> place_rescued(const hunk& h, document& in,
                                    effort& budget);

} // namespace pj::patch
