#pragma once
#include "adapters/git/errors.hpp"

#include <git2.h>

#include <filesystem>
#include <string>
#include <vector>

namespace pj::git {

/// Answers a server that asks who we are. A token is offered once: a server
/// that asks again said no. ssh tries the agent, then the key files.
class credentials {
public:
  /// `token` is sent over https, and over http to this machine only.
  credentials(std::string url, std::string token);

  /// libgit2's question; `about` notes what happened. Gives a libgit2 code.
  int answer(git_credential** to, const char* user, unsigned allowed,
             conversation& about);

  /// Whether the token would travel in the clear to another machine.
  bool would_leak() const;

private:
  int offer_token(git_credential** to, conversation& about);
  int offer_ssh_key(git_credential** to, const char* user, conversation& about);

  std::string url_;
  std::string token_;
  bool agent_tried_ = false;
  std::vector<std::filesystem::path> keys_; ///< still to try, last first
};

} // namespace pj::git
