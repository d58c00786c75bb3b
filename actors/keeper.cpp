#include "actors/keeper.hpp"

#include "actors/supervised.hpp"
#include "messages/error.hpp"
#include "messages/keeper.hpp"

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/response_promise.hpp>

#include <algorithm>

namespace pj {

caf::behavior keeper(caf::stateful_actor<keeper_state>* self,
                     std::string service, service_factory make,
                     restart_policy policy,
                     std::function<void(const std::string&)> log) {
  supervised(self);
  auto& state = state_of(self);
  state.service = std::move(service);
  state.make = std::move(make);
  state.policy = policy;
  state.log = std::move(log);
  return state.behavior();
}

caf::behavior keeper_state::behavior() {
  self->set_down_handler([this](const caf::down_msg& x) {
    if (child && x.source == child.address())
      child_down(x.reason);
  });
  self->set_exit_handler([this](const caf::exit_msg& x) {
    if (child)
      self->send_exit(child, x.reason);
    self->quit(x.reason);
  });
  self->set_default_handler(
    [this](caf::scheduled_actor*,
           caf::message_view& x) -> caf::result<caf::message> {
      auto promise = self->make_response_promise();
      promise.delegate(child, x.move_content_to_message());
      return caf::delegated<caf::message>{};
    });
  start();
  return {[this](restart_service) { start(); }};
}

void keeper_state::start() {
  child = make(self->system());
  self->monitor(child);
}

void keeper_state::child_down(const caf::error& reason) {
  const auto now = self->clock().now();
  crashes.push_back(now);
  while (now - crashes.front() > policy.within)
    crashes.pop_front();
  const auto n = static_cast<int>(crashes.size());
  const auto why = to_failure(reason).what;
  if (n > policy.max_restarts) {
    if (log)
      log("the " + service + " service keeps failing, giving up: " + why);
    self->quit(reason);
    return;
  }
  if (log)
    log("the " + service + " service failed and is being restarted: " + why);
  const auto delay =
    std::min(policy.first_delay * (1 << (n - 1)), policy.max_delay);
  self->delayed_send(self, delay, restart_service{});
}

} // namespace pj
