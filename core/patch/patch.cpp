#include "core/patch/patch.hpp"

#include "core/patch/planner.hpp"
#include "core/patch/readers.hpp"
#include "core/patch/refuse.hpp"
#include "core/patch/view.hpp"

namespace pj::patch {

namespace {

const std::string too_much =
  "the patch has too many edits on files that large; send fewer at a time";

} // namespace

verdict read_and_plan(std::string_view answer, const source_tree& tree,
                      const options& how) {
  const auto read = read_answer(answer, how, &tree);
  if (!read.problem.empty())
    return refusal{
      read.problem, read.problem, {}, view(tree, how.staged).changes()};
  auto done = plan_edits(read, tree, how.staged);
  done.change.notes = notes_on(done.edits);
  if (done.whole)
    return plan{std::move(done.change), std::move(done.edits)};
  auto no = refused(std::move(done.edits), std::move(done.change));
  if (done.exhausted)
    no.reason = no.for_model = too_much;
  return no;
}

} // namespace pj::patch
