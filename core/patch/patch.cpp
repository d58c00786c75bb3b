#include "core/patch/patch.hpp"

#include "core/patch/planner.hpp"
#include "core/patch/readers.hpp"

namespace pj::patch {

verdict read_and_plan(std::string_view answer, const source_tree& tree,
                      const options& how) {
  const auto read = read_answer(answer, how);
  view files(tree, how.staged);
  if (!read.problem.empty())
    return refusal{read.problem, read.problem, {}, files.changes()};
  auto done = plan_edits(read, files);
  if (done.whole)
    return plan{std::move(done.change), std::move(done.edits)};
  refusal no;
  no.reason = "the patch cannot be placed";
  no.edits = std::move(done.edits);
  no.staged = std::move(done.change);
  return no;
}

} // namespace pj::patch
