#pragma once
// The one way a task asks a service. Included by the task's sources only.
#include "actors/task.hpp"
#include "messages/error.hpp"

#include <utility>

namespace pj {

template <class Reply, class Handle, class Message, class Then>
void task_state::request(const Handle& service, Message message, Then then) {
  // The services have bounds of their own; this one only makes sure that a
  // lost reply cannot hold the task past its deadline.
  constexpr std::chrono::seconds grace{30};
  const auto longest =
    setup.spec->timeout + grace +
    (setup.clock->waiting_is_free() ? longest_hold : std::chrono::hours{0});
  self->request(service, longest, std::move(message))
    .then(
      [this, then](Reply& reply) {
        hold(false);
        if (!ending)
          then(reply);
      },
      [this](const caf::error& error) { failed(to_failure(error)); });
}

} // namespace pj
