#pragma once
#include "core/change.hpp"
#include "core/prompt/prompt.hpp"
#include "messages/abandon.hpp"
#include "messages/jobs.hpp"
#include "messages/protocol.hpp"

#include <memory>
#include <string>
#include <vector>

namespace pj {

using shared_prompt = std::shared_ptr<const prompt::prompt>;

/// Choose files and write the first prompt.
struct compose_prompt {
  std::string task;
  std::string text;       ///< what the person asked for
  std::string repository; ///< "owner/name"
  std::shared_ptr<const source_tree> tree;
  shared_text system; ///< empty: the built-in system prompt
  llm::model_entry model;
};

/// Write the next round after a refusal.
struct compose_repair {
  std::string task;
  shared_prompt before;
  std::string answer;
  std::string feedback;
  std::shared_ptr<const source_tree> tree;
  std::shared_ptr<const change_set> staged; ///< placed so far; may be null
  std::vector<std::string> whole_files;     ///< to be asked for whole
};

struct composed_prompt {
  shared_prompt what;
};

using prompt_actor =
  caf::typed_actor<on<composed_prompt, compose_prompt>, // the first round
                   on<composed_prompt, compose_repair>, // a later round
                   on<void, abandon>,                   // stop a task's work
                   on<void, job_finished>>; // private: a worker is done

} // namespace pj

PJ_LOCAL_MESSAGE(pj::compose_prompt)
PJ_LOCAL_MESSAGE(pj::compose_repair)
PJ_LOCAL_MESSAGE(pj::composed_prompt)
