#pragma once
#include "core/failure.hpp"
#include "messages/protocol.hpp"

#include <caf/error.hpp>

#include <string>

namespace caf {
class actor_system_config;
} // namespace caf

namespace pj {

/// A failure as an actor's error reply.
caf::error make_error(const failure& why);

/// The failure inside an error reply. Errors of CAF itself (a receiver that
/// died, a time-out) come back as class `retry`, code `internal`: the service
/// is being restarted.
failure to_failure(const caf::error& error);

/// What a service answers to pending requests when somebody abandoned them.
failure abandoned();

/// What a dying service answers to pending requests: its keeper brings it back.
failure restarting(const char* service);

/// Teaches CAF to print our errors.
void add_error_category(caf::actor_system_config& config);

} // namespace pj

PJ_LOCAL_MESSAGE(pj::failure)
