#pragma once
#include "adapters/git/credentials.hpp"
#include "adapters/git/handles.hpp"
#include "adapters/git/port.hpp"
#include "adapters/git/wake_on_stop.hpp"

#include <map>

namespace pj {
struct git_options;
}

namespace pj::git {

/// What a server says it has: full reference names to commit ids.
struct advertisement {
  std::map<std::string, git_oid, std::less<>> refs; ///< with "HEAD"
  std::string head; ///< the reference that HEAD names; may be empty

  /// The branch's commit, or null.
  const git_oid* branch(std::string_view name) const;
};

/// One conversation with a server, for one repository on this machine. Used by
/// one thread. Nothing of it is written to the repository's configuration.
class connection {
public:
  /// `repository`, `options` outlive the connection.
  connection(git_repository* repository, const git_remote_spec& to,
             const git_options& options, std::stop_token stop);

  /// Connects and asks what is there.
  result<advertisement> open(git_direction direction);

  /// Gets one reference of the advertisement, without its history where the
  /// server can. Needs `open(GIT_DIRECTION_FETCH)`.
  result<done> download(const std::string& reference);

  /// Sets `branch` to `commit` when it still is at `lease` (zero: when it does
  /// not exist). Needs `open(GIT_DIRECTION_PUSH)`.
  result<done> upload(const git_oid& commit, const std::string& branch,
                      const git_oid& lease);

private:
  git_remote_callbacks callbacks();
  git_proxy_options proxy() const;
  failure why(int code) const;
  result<advertisement> list();
  int stopped() const { return stop_.stop_requested() ? GIT_EUSER : 0; }
  int progress(const git_indexer_progress& so_far);
  int listen(std::string_view text);
  int check_certificate(const git_cert& certificate, bool valid);
  int check_lease(const git_push_update& update);

  git_repository* repository_;
  std::string url_;
  const git_options& options_;
  std::stop_token stop_;
  wake_on_stop wake_;
  credentials credentials_;
  conversation about_;
  remote_ptr remote_;
  git_oid lease_{};
  std::string moved_to_; ///< where the branch was instead of at the lease
  std::string said_;     ///< by the server, for people
  std::string refusal_;  ///< the server's reason not to take the branch
};

} // namespace pj::git
