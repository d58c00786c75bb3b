#pragma once
#include "world.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pj::test {

/// One row of a table in docs/FAULTS.md. What it says is what is expected.
struct fault_row {
  std::string edge; ///< "model", "github", "git" or "webhook"
  int tries = 0;    ///< how often the edge was asked
  int paid = 0;     ///< completions that are counted, the cut ones too
  int cut = 0;      ///< of those
  int exit = 0;
  std::vector<std::string> seen; ///< parts of what the person reads
};

/// The row whose test has this name; fails the test when there is none.
fault_row documented_fault(std::string_view test);

/// The names of all tests in the document, in its order.
std::vector<std::string> documented_faults();

/// Doubles whose certificate nobody trusts.
mock_options over_tls();

/// Runs the task of `w` and checks it against the row of the running test:
/// also that there is no pull request after a failure, no branch either unless
/// it was GitHub that failed, and exactly one of each after a success.
void check_fault(const world& w);

} // namespace pj::test
