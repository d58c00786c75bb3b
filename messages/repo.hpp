#pragma once
#include "adapters/git/port.hpp"
#include "messages/abandon.hpp"
#include "messages/jobs.hpp"
#include "messages/protocol.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace pj {

/// Bring the mirror up to date with one branch and open its tree.
struct open_snapshot {
  std::string task;
  std::string url;
  std::string base;
  bool may_fall_back = false; ///< `main` may become `master` or HEAD
  std::string commit; ///< what an earlier run had; fetched anew when it is gone
};

struct opened_snapshot {
  snapshot at;
};

struct look_up_branch {
  std::string task;
  std::string url;
  std::string branch;
};

struct looked_up_branch {
  std::optional<branch_tip> tip;
};

/// Make the commit and push it with the lease.
struct push_branch {
  std::string task;
  std::string url;
  commit_request commit;
  std::string branch;
  std::string expected_tip; ///< empty: the branch must not exist
};

struct pushed_branch {
  std::string commit;
};

/// Make the commit and keep it in a local folder.
struct keep_branch {
  std::string task;
  commit_request commit;
  std::string branch;
  std::string folder;
};

struct kept_branch {
  kept_commit kept;
};

using repo_actor = caf::typed_actor<
  on<opened_snapshot, open_snapshot>,   // fetch, or reopen a known commit
  on<looked_up_branch, look_up_branch>, // what the branch is on the server
  on<pushed_branch, push_branch>,       // commit in memory, push with lease
  on<kept_branch, keep_branch>,         // commit, keep it locally
  on<void, abandon>,                    // stop a task's work
  on<void, job_finished>>;              // private: a worker is done

} // namespace pj

PJ_LOCAL_MESSAGE(pj::open_snapshot)
PJ_LOCAL_MESSAGE(pj::opened_snapshot)
PJ_LOCAL_MESSAGE(pj::look_up_branch)
PJ_LOCAL_MESSAGE(pj::looked_up_branch)
PJ_LOCAL_MESSAGE(pj::push_branch)
PJ_LOCAL_MESSAGE(pj::pushed_branch)
PJ_LOCAL_MESSAGE(pj::keep_branch)
PJ_LOCAL_MESSAGE(pj::kept_branch)
