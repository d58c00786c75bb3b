#pragma once
#include "core/spec/task_spec.hpp"
#include "core/task/outcome.hpp"

namespace pj {

struct report_options {
  bool json = false;
  bool quiet = false; ///< the diff only when it is the result
};

/// Tells how a task ended: for machines one JSON object on standard output,
/// for people lines on standard error, and on standard output the diff (of a
/// dry run) or the pull request's URL.
void print_outcome(const task_outcome& outcome, const task_spec& spec,
                   const report_options& how);

/// For machines: the result object of a task that could not even start, on
/// standard output. The lines of `why.what` are its problems.
void print_unusable(const std::string& task, const std::string& branch,
                    const failure& why);

} // namespace pj
