#pragma once
#include "core/batch/summary.hpp"
#include "core/batch/timeline.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pj::batch {

/// What a page tells of a batch.
struct report {
  summary what;
  timeline when;                  ///< may be empty: older batches have no log
  std::optional<double> max_cost; ///< US dollars, of the batch
  std::string made;               ///< "pj 0.1.0 at 2026-11-22T10:00:00Z"
};

/// One self-contained page: no address of its own is ever loaded, scripts and
/// styles are the built-in ones or none. Foreign text cannot break out of its
/// place. `digest` gives the 32 bytes of SHA-256. Long diffs are cut, all
/// together at about 24 MB.
std::string
report_page(const report& of,
            const std::function<std::string(std::string_view)>& digest);

} // namespace pj::batch
