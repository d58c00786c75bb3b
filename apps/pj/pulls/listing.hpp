#pragma once
#include "core/github/pull_state.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace pj {

/// A task's pull request as GitHub has it, or why that is not known.
struct listed_pull {
  std::string task;
  std::string repository; ///< as people know it
  std::string commit;     ///< what was pushed
  std::int64_t number = 0;
  std::string url;
  result<github::pull_state> now;
};

struct pull_listing {
  std::string batch;
  std::vector<listed_pull> pulls;
  std::size_t without = 0; ///< tasks that have none
};

/// A line each and the sum; foreign text is made harmless.
std::string text_of(const pull_listing& x);

/// One JSON object, in one line.
std::string json_of(const pull_listing& x);

} // namespace pj
