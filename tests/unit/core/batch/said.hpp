#pragma once
#include "core/batch/problem.hpp"

#include <string>

/// All problems, a line each.
inline std::string told(const pj::batch::problem_log& problems) {
  std::string out;
  for (const auto& line : problems.lines())
    out += line + '\n';
  return out;
}
