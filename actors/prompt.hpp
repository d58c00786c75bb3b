#pragma once
#include "actors/jobs.hpp"
#include "core/prompt/prompt.hpp"
#include "messages/prompt.hpp"

#include <memory>
#include <optional>

namespace pj {

/// Chooses files and writes prompts. Reading a big repository takes a second,
/// so it happens on blocking threads.
struct prompt_state {
  static inline const char* name = "prompt";
  explicit prompt_state(prompt_actor::pointer ptr) : self(ptr) {}

  prompt_actor::behavior_type behavior();
  caf::result<composed_prompt> compose(compose_prompt what);
  caf::result<composed_prompt> repair(compose_repair what);

  prompt_actor::pointer self;
  prompt::symbol_finder symbols;
  std::optional<job_desk> jobs;
};

/// `symbols` may be empty; `width` is how many prompts are written at once.
prompt_actor::behavior_type
prompt_service(prompt_actor::stateful_pointer<prompt_state> self,
               std::shared_ptr<executor> threads, std::size_t width,
               prompt::symbol_finder symbols);

} // namespace pj
