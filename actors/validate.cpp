#include "actors/validate.hpp"

#include "actors/post_to.hpp"
#include "actors/supervised.hpp"
#include "actors/validation.hpp"

namespace pj {

validate_actor::behavior_type
validate_service(validate_actor::stateful_pointer<validate_state> self,
                 std::shared_ptr<work_tree_port> places,
                 std::shared_ptr<executor> threads, std::size_t width) {
  supervised(self);
  auto& state = state_of(self);
  state.places = std::move(places);
  state.jobs.emplace(std::move(threads), width, post_to(validate_actor{self}));
  return state.behavior();
}

validate_actor::behavior_type validate_state::behavior() {
  return {
    [this](validate_change& x) { return run(std::move(x)); },
    [this](const abandon& x) { jobs->abandon(x.task); },
    [this](const job_finished& x) { jobs->finish(x); },
  };
}

caf::result<validated_change> validate_state::run(validate_change what) {
  auto promise = self->make_response_promise<validated_change>();
  jobs->run(
    promise, what.task, {},
    [places = places, what](std::stop_token stop) -> result<validated_change> {
      auto report =
        validate(what.base, *what.change, what.checks, *places, stop);
      if (!report) {
        auto why = report.error();
        // A `.pj.yaml` that cannot be read: the repository's mistake
        // or the model's, not this environment's.
        if (why.code == failure_code::configuration) {
          why.code = failure_code::validation;
          why.what = "validation: " + why.what;
        }
        return why;
      }
      return validated_change{std::move(*report)};
    });
  return promise;
}

} // namespace pj
