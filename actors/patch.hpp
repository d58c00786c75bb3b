#pragma once
#include "actors/jobs.hpp"
#include "messages/patch.hpp"

#include <memory>
#include <optional>

namespace pj {

/// Turns answers into changes; files are read from the object database, so on
/// blocking threads.
struct patch_state {
  static inline const char* name = "patch";
  explicit patch_state(patch_actor::pointer ptr) : self(ptr) {}

  patch_actor::behavior_type behavior();
  caf::result<planned_change> plan(plan_change what);

  patch_actor::pointer self;
  std::optional<job_desk> jobs;
};

/// `width` is how many answers are worked on at once.
patch_actor::behavior_type
patch_service(patch_actor::stateful_pointer<patch_state> self,
              std::shared_ptr<executor> threads, std::size_t width);

} // namespace pj
