#pragma once
#include "core/batch/plot.hpp"
#include "core/batch/report_page.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace pj::batch {

// The parts of a report's page, from top to bottom. Each is whole HTML; empty
// when there is nothing to say.

std::string report_head(const report& of);
std::string report_causes(const report& of);
std::string report_timeline(const report& of);
std::string report_tasks(const report& of);

struct state_count {
  standing at = standing::waiting;
  std::size_t n = 0;
};

/// The states that tasks are in, in a fixed order.
std::vector<state_count> states_of(const summary& all);

/// "t-ID": where the page has a task's row.
std::string task_anchor(std::string_view task);

/// "12,345".
std::string grouped(std::uint64_t n);

/// A unified diff with its added and removed lines told apart, at most so many
/// bytes of it; `more` is said where it is cut.
std::string diff_html(std::string_view diff, std::size_t most,
                      const std::string& more);

struct diff_size {
  std::size_t added = 0;   ///< lines
  std::size_t removed = 0; ///< lines
};

diff_size size_of(std::string_view diff);

} // namespace pj::batch
