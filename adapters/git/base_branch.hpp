#pragma once
#include "adapters/git/connection.hpp"

namespace pj::git {

/// The branch a task starts from.
struct base_branch {
  std::string name;
  git_oid commit;
  std::vector<std::string> warnings; ///< "main is missing, using master"
};

/// Finds the wanted base among what the server has; `master` or the branch
/// that HEAD names may take its place when the request allows it.
result<base_branch> choose_base(const advertisement& server,
                                const fetch_request& wanted);

} // namespace pj::git
