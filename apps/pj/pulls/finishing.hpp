#pragma once
#include "apps/pj/pulls/chosen.hpp"
#include "messages/github.hpp"

#include <cstddef>
#include <string>

namespace pj {

/// What is to become of the chosen pull requests.
struct finishing {
  pull_end how = pull_end::merged;
  github::merge_method method = github::merge_method::merge;
  std::string comment; ///< of closed ones; empty: none
  bool delete_branch = false;
};

/// How many of them ended which way.
struct finished_sum {
  std::size_t done = 0;
  std::size_t already = 0;
  std::size_t left = 0;   ///< GitHub or the house's rules say no
  std::size_t partly = 0; ///< done, but not all that was asked for
  bool interrupted = false;
};

/// Merges or closes one after the other, at GitHub's pace, until all are
/// through or a signal comes; tells of each on standard error. `chosen` has a
/// pull request at least. To be called with signals blocked.
finished_sum finish_all(const chosen_pulls& chosen, const finishing& how);

/// "greet: 3 merged, 1 merged before, 2 left".
std::string text_of(const std::string& batch, const finished_sum& sum,
                    pull_end how);

} // namespace pj
