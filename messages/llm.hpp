#pragma once
#include "adapters/http/llm_port.hpp"
#include "core/llm/chat.hpp"
#include "messages/abandon.hpp"
#include "messages/hold.hpp"
#include "messages/protocol.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace pj {

/// Ask the model once. Never repeated by the actor: the caller decides.
struct ask_model {
  std::string task;
  std::string group; ///< batch the task belongs to, for fairness
  std::shared_ptr<const llm::chat> what;
  std::uint64_t estimated_tokens = 0;     ///< input and output
  std::chrono::milliseconds time_left{0}; ///< of the task

  /// Waits while the provider rests after failures; else it fails at once.
  bool patient = true;
  hold_listener held{};
};

struct answered_model {
  llm::completion answer;
  std::optional<double> cost_usd; ///< empty: price unknown
};

/// Private: stream `id` ended.
struct stream_ended {
  std::uint64_t id = 0;
  std::shared_ptr<llm_outcome> outcome;
};

/// Private: the limiter may let more requests pass now.
struct limiter_wake {
  std::uint64_t generation = 0;
};

using llm_actor =
  caf::typed_actor<on<answered_model, ask_model>, // stream one answer, within
                                                  // the limits
                   on<void, abandon>,             // stop a task's stream
                   on<void, stream_ended>,  // private: the transport is done
                   on<void, limiter_wake>>; // private: look at the queue again

} // namespace pj

PJ_LOCAL_MESSAGE(pj::ask_model)
PJ_LOCAL_MESSAGE(pj::answered_model)
PJ_LOCAL_MESSAGE(pj::stream_ended)
PJ_LOCAL_MESSAGE(pj::limiter_wake)
