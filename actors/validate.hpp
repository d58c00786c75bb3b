#pragma once
#include "actors/jobs.hpp"
#include "adapters/work_tree/port.hpp"
#include "messages/validate.hpp"

#include <memory>
#include <optional>

namespace pj {

/// Runs the checks of a change in a scratch work tree.
struct validate_state {
  static inline const char* name = "validate";
  explicit validate_state(validate_actor::pointer ptr) : self(ptr) {}

  validate_actor::behavior_type behavior();
  caf::result<validated_change> run(validate_change what);

  validate_actor::pointer self;
  std::shared_ptr<work_tree_port> places;
  std::optional<job_desk> jobs;
};

/// `width` is how many changes are validated at once.
validate_actor::behavior_type
validate_service(validate_actor::stateful_pointer<validate_state> self,
                 std::shared_ptr<work_tree_port> places,
                 std::shared_ptr<executor> threads, std::size_t width);

} // namespace pj
