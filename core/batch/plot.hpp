#pragma once
#include "core/batch/timeline.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace pj::batch {

/// What a plot colours: a stage, or the wait for limits.
inline constexpr std::size_t plot_kinds = all_stages.size() + 1;

/// "k3": the class of a stretch in style sheets. The last one is the wait.
std::size_t plot_kind(const stretch& x);

/// Where marks of a time axis stand: at most eight, at round times, from 0 on.
std::vector<std::chrono::milliseconds>
axis_marks(std::chrono::milliseconds length);

/// One task in the plot of few.
struct plotted_task {
  std::string name; ///< for people
  const task_course* course = nullptr;
};

/// The timeline as SVG without colours of its own: a bar per task for up to
/// `most_bars` of them, else how many are in each stage over the time. Its size
/// grows to a bound. Empty when there is nothing to show.
std::string timeline_svg(const timeline& when,
                         const std::vector<plotted_task>& tasks);

inline constexpr std::size_t most_bars = 80;

/// How many tasks were in each kind, averaged over each of so many equal parts
/// of the time.
std::vector<std::array<double, plot_kinds>>
tasks_over_time(const timeline& when, std::size_t parts);

} // namespace pj::batch
