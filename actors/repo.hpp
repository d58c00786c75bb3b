#pragma once
#include "actors/jobs.hpp"
#include "adapters/git/port.hpp"
#include "adapters/github/token_source.hpp"
#include "messages/repo.hpp"

#include <memory>
#include <optional>
#include <string>

namespace pj {

struct repo_config {
  std::shared_ptr<token_source> tokens; ///< null: none
  std::size_t width = 2;                ///< blocking git calls at once, 1..16
};

/// Mirrors, snapshots, commits and pushes, on blocking threads.
struct repo_state {
  static inline const char* name = "repo";
  explicit repo_state(repo_actor::pointer ptr) : self(ptr) {}

  repo_actor::behavior_type behavior();
  caf::result<opened_snapshot> open(open_snapshot what);
  caf::result<looked_up_branch> look_up(look_up_branch what);
  caf::result<pushed_branch> push(push_branch what);
  caf::result<kept_branch> keep(keep_branch what);

  repo_actor::pointer self;
  std::shared_ptr<git_port> git;
  repo_config config;
  std::optional<job_desk> jobs;
};

repo_actor::behavior_type repo(repo_actor::stateful_pointer<repo_state> self,
                               std::shared_ptr<git_port> git,
                               std::shared_ptr<executor> threads,
                               repo_config config);

} // namespace pj
