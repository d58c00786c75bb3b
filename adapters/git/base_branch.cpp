#include "adapters/git/base_branch.hpp"

#include "adapters/git/errors.hpp"
#include "core/text.hpp"

namespace pj::git {

namespace {

constexpr std::string_view branches = "refs/heads/";

/// The branch that HEAD names, or any that is where HEAD is; empty: none.
std::string default_branch(const advertisement& server) {
  if (server.head.starts_with(branches))
    return server.head.substr(branches.size());
  const auto head = server.refs.find("HEAD");
  if (head == server.refs.end())
    return {};
  for (const auto& [name, id] : server.refs)
    if (name.starts_with(branches) && git_oid_equal(&id, &head->second))
      return name.substr(branches.size());
  return {};
}

} // namespace

result<base_branch> choose_base(const advertisement& server,
                                const fetch_request& wanted) {
  const auto where = shown(wanted.from.url);
  if (server.refs.empty())
    return final_failure(where + " is empty: push a first commit to it");
  if (const auto* at = server.branch(wanted.base))
    return base_branch{wanted.base, *at, {}};
  const auto lacks = where + " has no branch " + printable(wanted.base);
  if (!wanted.may_fall_back)
    return final_failure(lacks + ": set BASE_BRANCH to one that is there");
  for (const auto& other : {std::string("master"), default_branch(server)})
    if (const auto* at = server.branch(other))
      return base_branch{other, *at, {lacks + ", using " + printable(other)}};
  return final_failure(lacks + ", no master and no default branch");
}

} // namespace pj::git
