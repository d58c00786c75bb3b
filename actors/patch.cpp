#include "actors/patch.hpp"

#include "actors/post_to.hpp"
#include "actors/supervised.hpp"

namespace pj {

patch_actor::behavior_type
patch_service(patch_actor::stateful_pointer<patch_state> self,
              std::shared_ptr<executor> threads, std::size_t width) {
  supervised(self);
  auto& state = state_of(self);
  state.jobs.emplace(std::move(threads), width, post_to(patch_actor{self}));
  return state.behavior();
}

patch_actor::behavior_type patch_state::behavior() {
  return {
    [this](plan_change& x) { return plan(std::move(x)); },
    [this](const abandon& x) { jobs->abandon(x.task); },
    [this](const job_finished& x) { jobs->finish(x); },
  };
}

caf::result<planned_change> patch_state::plan(plan_change what) {
  auto promise = self->make_response_promise<planned_change>();
  jobs->run(promise, what.task, {},
            [what](std::stop_token) -> result<planned_change> {
              patch::options how;
              how.truncated = what.truncated;
              how.staged = what.staged.get();
              return planned_change{std::make_shared<const patch::verdict>(
                patch::read_and_plan(what.answer, *what.tree, how))};
            });
  return promise;
}

} // namespace pj
