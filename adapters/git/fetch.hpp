#pragma once
#include "adapters/git/base_branch.hpp"
#include "adapters/git/connection.hpp"
#include "adapters/git/libgit2_git.hpp"
#include "adapters/git/listing_cache.hpp"
#include "adapters/git/mirror.hpp"
#include "adapters/git/tree_cache.hpp"

namespace pj::git {

/// Brings commits into mirrors. Used by several threads at once.
class fetcher {
public:
  fetcher(const git_options& options, mirrors& cache);

  result<snapshot> fetch(const fetch_request& what, std::stop_token stop);
  result<snapshot> reopen(const git_remote_spec& from, const std::string& base,
                          const std::string& commit, std::stop_token stop);
  result<std::optional<branch_tip>> tip(const git_remote_spec& at,
                                        const std::string& branch,
                                        std::stop_token stop);

  /// A push of the branch may have changed it.
  void forget(const git_remote_spec& at, const std::string& branch) {
    listings_.forget(at.url, branch);
  }

  /// Gets a branch of any server into a mirror that lacks `commit`.
  result<done> bring_branch(const std::filesystem::path& mirror,
                            const git_remote_spec& from,
                            const std::string& branch, const git_oid& commit,
                            std::stop_token stop);

private:
  result<snapshot> fetch_once(const fetch_request& what, bool& suspect,
                              std::stop_token stop);
  result<snapshot> snapshot_at(const std::filesystem::path& mirror,
                               const git_oid& commit);
  result<loaded_tree> tree_at(const std::filesystem::path& mirror,
                              const git_oid& commit);
  result<listing_cache::listing> ask(connection& link,
                                     const git_remote_spec& at);
  std::optional<base_branch> known_base(const open_mirror& mirror,
                                        const fetch_request& what);
  result<done> bring(const open_mirror& mirror, connection& link,
                     const std::string& branch, const git_oid& commit,
                     std::stop_token stop);

  const git_options& options_;
  mirrors& cache_;
  tree_cache trees_;
  listing_cache listings_;
};

} // namespace pj::git
