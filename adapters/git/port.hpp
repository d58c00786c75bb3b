#pragma once
#include "core/change.hpp"
#include "core/result.hpp"
#include "core/tree.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace pj {

/// How to reach a repository.
struct git_remote_spec {
  std::string url;   ///< https, http, ssh, scp-like or file; no credentials
  std::string token; ///< secret; empty: none. User name is `x-access-token`
};

/// A repository at one commit. Cheap to copy; the tree may be read from any
/// thread.
struct snapshot {
  std::shared_ptr<const source_tree> tree;
  std::string base;                  ///< branch the commit was fetched from
  std::string commit;                ///< 40 hex digits
  std::filesystem::path mirror;      ///< bare repository that holds it
  std::vector<std::string> warnings; ///< e.g. "main is missing, using master"
};

struct fetch_request {
  git_remote_spec from;
  std::string base;

  /// `base` is `main`: `master`, then the remote's HEAD may take its place.
  bool may_fall_back = false;
};

/// Everything a commit depends on: the same values give the same id.
struct commit_request {
  snapshot parent;
  std::shared_ptr<const change_set> change;
  std::string message; ///< whole, with trailers
  std::string author_name;
  std::string author_email;
  std::chrono::sys_seconds when;
};

/// What a branch on the server points at.
struct branch_tip {
  std::string commit;
  std::string message;  ///< of that commit
  std::string parent{}; ///< its first; empty: it has none
};

struct push_request {
  git_remote_spec to;
  commit_request commit;
  std::string branch;

  /// The lease: what the branch must point at on the server. Empty: it must
  /// not exist. Equal to the new commit: nothing is sent.
  std::string expected_tip;
};

/// Where a commit was put that is not pushed.
struct kept_commit {
  std::string commit;
  std::filesystem::path repository; ///< bare; has the branch
  std::filesystem::path patch_file;
};

/// git without a work tree. Every call blocks and may be used from several
/// threads; the `stop_token` ends it soon with class `cancelled`. Mirrors are
/// locked against other processes. Failures: `retry` for network trouble and
/// stalls, `fail` for the rest, each one clear line (wrong password, untrusted
/// certificate, missing base, empty repository, refused by a hook …).
class git_port {
public:
  virtual ~git_port() = default;

  /// Brings the mirror up to date with one branch (depth 1 over http and https,
  /// all of its history otherwise) and opens its tree.
  virtual result<snapshot> fetch(const fetch_request& what,
                                 std::stop_token stop) = 0;

  /// Opens a commit that an earlier run fetched; fails when it is gone.
  virtual result<snapshot> reopen(const git_remote_spec& from,
                                  const std::string& base,
                                  const std::string& commit,
                                  std::stop_token stop) = 0;

  /// What `branch` points at on the server, with that commit's message.
  virtual result<std::optional<branch_tip>> tip(const git_remote_spec& at,
                                                const std::string& branch,
                                                std::stop_token stop) = 0;

  /// Makes the commit in memory and gives its id; nothing leaves the process.
  virtual result<std::string> commit_id(const commit_request& what,
                                        std::stop_token stop) = 0;

  /// Makes the commit in memory and pushes it; gives its id.
  virtual result<std::string> push(const push_request& what,
                                   std::stop_token stop) = 0;

  /// Makes the commit and keeps it in `folder`: a bare repository with the
  /// branch, and a patch file beside it.
  virtual result<kept_commit> keep(const commit_request& what,
                                   const std::string& branch,
                                   const std::filesystem::path& folder) = 0;

  /// Writes the tree of `from`, with `change` (may be null) applied, into an
  /// empty folder: a work tree for commands to run in. Links that leave the
  /// folder are left out.
  virtual result<done> check_out(const snapshot& from, const change_set* change,
                                 const std::filesystem::path& folder,
                                 std::stop_token stop) = 0;
};

} // namespace pj
