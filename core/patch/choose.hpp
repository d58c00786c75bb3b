#pragma once
#include "core/patch/locate.hpp"

#include <optional>

namespace pj::patch {

/// What is known about a file's other hunks when one has several places.
struct neighbours {
  std::uint32_t after = 0; ///< the hunk before it ends here (line from 0)
  std::uint32_t before = nowhere; ///< the hunk after it starts here
  std::int64_t drift = 0;         ///< how far the line hints are off
};

/// The one place of several a hunk must mean: by the text of its anchors, then
/// by its line hint, then by the order of hunks. None when still open.
std::optional<std::size_t> choose_place(const hunk& h, const finding& f,
                                        const document& in,
                                        const neighbours& near, effort& budget);

} // namespace pj::patch
