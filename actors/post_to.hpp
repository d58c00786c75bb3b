#pragma once
#include <caf/actor_cast.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/send.hpp>

#include <utility>

namespace pj {

/// Turns a handle into a callback that any thread may call. It holds the actor
/// weakly, so a pending operation never keeps it alive.
template <class Handle>
auto post_to(const Handle& handle) {
  return [weak = caf::actor_cast<caf::weak_actor_ptr>(handle)](auto message) {
    if (auto strong = weak.lock())
      caf::anon_send(caf::actor_cast<Handle>(strong), std::move(message));
  };
}

} // namespace pj
