#pragma once
#include "core/failure.hpp"

#include <string>
#include <utility>

namespace pj {

/// Trouble on the way: the same request may succeed later.
inline failure broken(std::string what) {
  return {failure_class::retry, failure_code::network, std::move(what), {}, {}};
}

/// Trouble that trying again does not mend.
inline failure refused(std::string what) {
  return {failure_class::fail, failure_code::network, std::move(what), {}, {}};
}

/// What was asked for cannot be sent.
inline failure misconfigured(std::string what) {
  return {
    failure_class::fail, failure_code::configuration, std::move(what), {}, {}};
}

} // namespace pj
