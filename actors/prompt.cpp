#include "actors/prompt.hpp"

#include "actors/post_to.hpp"
#include "actors/supervised.hpp"
#include "core/changed_tree.hpp"

namespace pj {

prompt_actor::behavior_type
prompt_service(prompt_actor::stateful_pointer<prompt_state> self,
               std::shared_ptr<executor> threads, std::size_t width,
               prompt::symbol_finder symbols) {
  supervised(self);
  auto& state = state_of(self);
  state.symbols = std::move(symbols);
  state.jobs.emplace(std::move(threads), width, post_to(prompt_actor{self}));
  return state.behavior();
}

prompt_actor::behavior_type prompt_state::behavior() {
  return {
    [this](compose_prompt& x) { return compose(std::move(x)); },
    [this](compose_repair& x) { return repair(std::move(x)); },
    [this](const abandon& x) { jobs->abandon(x.task); },
    [this](const job_finished& x) { jobs->finish(x); },
  };
}

caf::result<composed_prompt> prompt_state::compose(compose_prompt what) {
  auto promise = self->make_response_promise<composed_prompt>();
  jobs->run(
    promise, what.task, {},
    [symbols = symbols, what](std::stop_token) -> result<composed_prompt> {
      const prompt::request wanted{what.text, what.repository, what.system,
                                   what.model, symbols};
      auto written = prompt::compose(wanted, *what.tree);
      if (!written)
        return std::move(written).error();
      return composed_prompt{
        std::make_shared<const prompt::prompt>(*std::move(written))};
    });
  return promise;
}

caf::result<composed_prompt> prompt_state::repair(compose_repair what) {
  auto promise = self->make_response_promise<composed_prompt>();
  jobs->run(
    promise, what.task, {}, [what](std::stop_token) -> result<composed_prompt> {
      const change_set nothing;
      const changed_tree now(*what.tree, what.staged ? *what.staged : nothing);
      return composed_prompt{
        std::make_shared<const prompt::prompt>(prompt::compose_repair(
          *what.before, what.answer, what.feedback, now, what.whole_files))};
    });
  return promise;
}

} // namespace pj
