#include "messages/error.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/exit_reason.hpp>
#include <caf/make_message.hpp>
#include <caf/sec.hpp>

namespace pj {

namespace {

constexpr auto category = caf::atom("pj");

/// CAF takes a code of zero for "no error", whatever its category.
constexpr std::uint8_t first_code = 1;

} // namespace

caf::error make_error(const failure& why) {
  return {
    static_cast<std::uint8_t>(static_cast<std::uint8_t>(why.code) + first_code),
    category, caf::make_message(why)};
}

failure to_failure(const caf::error& error) {
  // An empty error has no category to ask for.
  if (!error)
    return {
      failure_class::retry, failure_code::internal, "a service ended", {}, {}};
  if (error.category() == category && error.context().match_elements<failure>())
    return error.context().get_as<failure>(0);
  if (error == caf::sec::request_timeout)
    return {failure_class::retry,
            failure_code::internal,
            "a service did not answer in time",
            {},
            {}};
  return {failure_class::retry,
          failure_code::internal,
          "a service is being restarted",
          caf::to_string(error),
          {}};
}

failure abandoned() {
  return {
    failure_class::cancelled, failure_code::interrupted, "cancelled", {}, {}};
}

failure restarting(const char* service) {
  return {failure_class::retry,
          failure_code::internal,
          std::string("the ") + service + " service is being restarted",
          {},
          {}};
}

void add_error_category(caf::actor_system_config& config) {
  config.add_error_category(category, [](std::uint8_t code, caf::atom_value,
                                         const caf::message& context) {
    const auto name = to_string(static_cast<failure_code>(code - first_code));
    std::string text = "pj." + std::string(name);
    if (context.match_elements<failure>())
      text += ": " + context.get_as<failure>(0).what;
    return text;
  });
}

} // namespace pj
