#include "actors/validate.hpp"

#include "actors/post_to.hpp"
#include "actors/supervised.hpp"
#include "actors/validation.hpp"

namespace pj {

validate_actor::behavior_type
validate_service(validate_actor::stateful_pointer<validate_state> self,
                 std::shared_ptr<git_port> git,
                 std::shared_ptr<process_port> process,
                 std::shared_ptr<executor> threads, validate_config config) {
  supervised(self);
  auto& state = state_of(self);
  state.git = std::move(git);
  state.process = std::move(process);
  state.jobs.emplace(std::move(threads), config.width,
                     post_to(validate_actor{self}));
  state.config = std::move(config);
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
  jobs->run(promise, what.task, {},
            [git = git, process = process, scratch = config.scratch,
             what](std::stop_token stop) -> result<validated_change> {
              auto report = validate(what.base, *what.change, what.checks, *git,
                                     *process, scratch, stop);
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
