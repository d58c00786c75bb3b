#pragma once
#include "adapters/store/port.hpp"
#include "core/http.hpp"
#include "core/result.hpp"
#include "messages/protocol.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace pj {

/// Deliver an event that is in the outbox already.
struct deliver_event {
  outbox_row row;
};

/// Deliver what waits in the outbox unknown to the service: who wrote it there
/// may have crashed before saying so.
struct reload_outbox {};

/// Wait until nothing is pending any more.
struct drain_events {};

struct drained_events {
  std::uint64_t given_up = 0; ///< events the receiver refused for good
};

/// Private: the retry timer of a task's queue fired.
struct delivery_due {
  std::string task;
};

/// Private: the receiver answered the event `id`.
struct event_answered {
  std::string task;
  std::string id;
  std::shared_ptr<result<http_response>> response;
};

using webhook_actor = caf::typed_actor<
  on<void, deliver_event>,          // deliver at least once, in order per task
  on<void, reload_outbox>,          // look for forgotten events
  on<drained_events, drain_events>, // reply when the outbox is empty
  on<void, delivery_due>,           // private: try again
  on<void, event_answered>>;        // private: the transport is done

} // namespace pj

PJ_LOCAL_MESSAGE(pj::deliver_event)
PJ_LOCAL_MESSAGE(pj::reload_outbox)
PJ_LOCAL_MESSAGE(pj::drain_events)
PJ_LOCAL_MESSAGE(pj::drained_events)
PJ_LOCAL_MESSAGE(pj::delivery_due)
PJ_LOCAL_MESSAGE(pj::event_answered)
