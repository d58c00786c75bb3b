#pragma once
// The one header that knows which CAF version it is compiled against.
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/config.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#if CAF_VERSION < 1800
#include <caf/replies_to.hpp>
#endif

namespace pj {

namespace detail {

template <class Reply, class... In>
struct handler {
#if CAF_VERSION < 1800
  using type = typename caf::replies_to<In...>::template with<Reply>;
#else
  using type = caf::result<Reply>(In...);
#endif
};

#if CAF_VERSION < 1800
template <class... In>
struct handler<void, In...> {
  using type = caf::reacts_to<In...>;
};
#endif

} // namespace detail

/// One line of a protocol: `on<Reply, Request>`; `on<void, Message>` expects no
/// reply.
template <class Reply, class... In>
using on = typename detail::handler<Reply, In...>::type;

/// The state of an actor: a member until CAF 1.0 made it a function.
template <class Self>
auto& state_of(Self* self) {
#if CAF_VERSION < 10000
  return self->state;
#else
  return self->state();
#endif
}

} // namespace pj

/// A message that never leaves the process: it may hold shared pointers and
/// other things CAF cannot serialise. Use outside every namespace.
#define PJ_LOCAL_MESSAGE(type) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(type)
