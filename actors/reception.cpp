#include "actors/reception.hpp"

#include "messages/error.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace pj {

namespace {

/// The end of a task that the engine could not tell.
task_outcome lost(const task_spec& spec, const caf::error& why) {
  task_outcome out;
  out.task = spec.id;
  out.branch = spec.branch;
  out.why = to_failure(why);
  out.why.kind = failure_class::fail;
  return out;
}

} // namespace

reception_actor::behavior_type
reception(reception_actor::pointer self, engine_actor engine,
          std::function<void(const std::string&)> log) {
  self->monitor(engine);
  // Its answers were sent before it ended.
  self->set_down_handler([self](const caf::down_msg&) { self->quit(); });
  return {[self, engine, log](submission& x) {
    const auto spec = x.what.spec;
    const auto tell = [then = std::move(x.then), log](task_outcome end) {
      try {
        then(std::move(end));
      } catch (const std::exception& e) {
        log(std::string("a task's end: ") + e.what());
      }
    };
    self->request(engine, caf::infinite, std::move(x.what))
      .then([tell](task_outcome& end) { tell(std::move(end)); },
            [tell, spec](const caf::error& why) { tell(lost(*spec, why)); });
  }};
}

} // namespace pj
