#pragma once
#include "core/github/rest.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pj::github {

/// A fork that is wanted.
struct fork_wish {
  std::string api;   ///< base URL without trailing '/'
  std::string owner; ///< of the repository to fork
  std::string name;
  std::string organization; ///< to own the fork; empty: the token's owner
  std::string base;         ///< branch that the change is made against
  std::string commit;       ///< that the fork must have, 40 hex digits
};

/// A fork that is there or about to be.
struct fork {
  std::string owner;
  std::string name; ///< GitHub numbers it when the name was taken
};

/// GET the repository that an organization's fork usually is.
http_request find_fork_request(const fork_wish& what);

/// POST a fork. GitHub answers with the existing one when there is one.
http_request make_fork_request(const fork_wish& what);

/// GET the fork's newest commit: it has none while it is being made.
http_request fork_ready_request(const fork_wish& what, const fork& made);

/// GET the branch that the change is made against, in the fork.
http_request fork_branch_request(const fork_wish& what, const fork& made);

/// POST: bring that branch up to date with the repository it was forked from.
http_request sync_fork_request(const fork_wish& what, const fork& made);

/// The answer to `find_fork_request`; nothing when there is no such repository
/// or it is no fork of this one.
std::optional<fork> read_found_fork(const fork_wish& what,
                                    const http_response& response);

/// The answer to `make_fork_request` when it was 202.
result<fork> read_made_fork(const http_response& response);

/// Whether a branch's answer points at `what.commit`.
bool is_up_to_date(const fork_wish& what, const http_response& response);

/// `repo`, the address of OWNER/NAME, with the fork in its place. Empty when
/// the address does not end in that.
std::string fork_address(std::string_view repo, const fork_wish& what,
                         const fork& made);

errand errand_of(const fork_wish& what);

} // namespace pj::github
