#pragma once
#include "messages/error.hpp"

#include <caf/scheduled_actor.hpp>

#include <exception>
#include <string>

namespace pj {

/// What an exception says.
inline std::string text_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "an unknown exception";
  }
}

/// Let it crash, but say why: an exception in a handler ends the actor with a
/// failure that its keeper (or the engine) can log. Without this CAF prints to
/// standard output. `note` gets the text first.
template <class Self, class Note>
void supervised(Self* self, Note note) {
  self->set_exception_handler([note](std::exception_ptr& thrown) -> caf::error {
    const auto text = text_of(thrown);
    note(text);
    return make_error({failure_class::retry,
                       failure_code::internal,
                       "a service failed: " + text,
                       {},
                       {}});
  });
}

template <class Self>
void supervised(Self* self) {
  supervised(self, [](const std::string&) {});
}

} // namespace pj
