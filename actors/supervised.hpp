#pragma once
#include "messages/error.hpp"

#include <caf/exit_reason.hpp>
#include <caf/scheduled_actor.hpp>

#include <exception>
#include <string>

namespace pj {

/// Let it crash, but say why: an exception in a handler ends the actor with a
/// failure that its keeper (or the engine) can log. Without this CAF prints to
/// standard output.
template <class Self>
void supervised(Self* self) {
  self->set_exception_handler([](std::exception_ptr& thrown) -> caf::error {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
      return make_error({failure_class::retry,
                         failure_code::internal,
                         std::string("a service failed: ") + e.what(),
                         {},
                         {}});
    } catch (...) {
      return caf::exit_reason::unhandled_exception;
    }
  });
}

} // namespace pj
