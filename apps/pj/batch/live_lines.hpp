#pragma once
#include "adapters/terminal/style.hpp"
#include "core/task/stage.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace pj::batch {

/// What is known of a batch at one moment.
struct live_state {
  std::size_t total = 0; ///< tasks
  std::size_t ended = 0; ///< also before
  std::size_t failed = 0;
  std::size_t ended_here = 0;      ///< while this process works on it
  double spent = 0;                ///< US dollars, of what has a known price
  std::optional<double> max_spent; ///< of the batch
  std::chrono::milliseconds elapsed{0};

  struct crowd {
    std::size_t tasks = 0;
    std::size_t held = 0; ///< of these, by limits that tasks share
  };
  std::array<crowd, all_stages.size()> stages{};

  struct one {
    std::string name; ///< of its repository
    stage at = stage::recall;
    bool held = false;
    std::chrono::milliseconds since{0}; ///< its first stage began
  };
  std::vector<one> oldest;     ///< running ones
  std::string github_forecast; ///< "142 PRs left, about 19 min"; may be empty
};

/// How long the rest takes if it goes on as so far; nothing while too little
/// has ended to say.
std::optional<std::chrono::milliseconds> time_left(const live_state& now);

/// The state as lines for a terminal with so much room: how far, what is spent,
/// a bar per stage with tasks in it, the oldest tasks.
std::vector<terminal_line> live_lines(const live_state& now, terminal_size room,
                                      bool unicode);

} // namespace pj::batch
