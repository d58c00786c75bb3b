#pragma once
#include "adapters/git/fetch.hpp"

namespace pj::git {

/// Makes the commit in memory and sets the branch on the server to it, when it
/// still is where the lease says. Gives the commit's id.
result<std::string> push(const push_request& what, const git_options& options,
                         fetcher& mirrors, std::stop_token stop);

} // namespace pj::git
