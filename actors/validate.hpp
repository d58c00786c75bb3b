#pragma once
#include "actors/jobs.hpp"
#include "adapters/git/port.hpp"
#include "adapters/process/port.hpp"
#include "messages/validate.hpp"

#include <filesystem>
#include <memory>
#include <optional>

namespace pj {

struct validate_config {
  std::filesystem::path scratch; ///< work trees are made below it
  std::size_t width = 2;         ///< validations at once
};

/// Runs the checks of a change in a scratch work tree.
struct validate_state {
  static inline const char* name = "validate";
  explicit validate_state(validate_actor::pointer ptr) : self(ptr) {}

  validate_actor::behavior_type behavior();
  caf::result<validated_change> run(validate_change what);

  validate_actor::pointer self;
  validate_config config;
  std::shared_ptr<git_port> git;
  std::shared_ptr<process_port> process;
  std::optional<job_desk> jobs;
};

validate_actor::behavior_type
validate_service(validate_actor::stateful_pointer<validate_state> self,
                 std::shared_ptr<git_port> git,
                 std::shared_ptr<process_port> process,
                 std::shared_ptr<executor> threads, validate_config config);

} // namespace pj
