#include "adapters/git/push.hpp"

#include "adapters/git/connection.hpp"
#include "adapters/git/ids.hpp"
#include "adapters/git/memory_commit.hpp"

namespace pj::git {

namespace {

failure bad_lease(const std::string& text) {
  return final_failure("not a commit id to expect on the server: " + text,
                       failure_code::internal);
}

} // namespace

result<std::string> push(const push_request& what, const git_options& options,
                         std::stop_token stop) {
  const auto lease =
    what.expected_tip.empty() ? git_oid{} : read_id(what.expected_tip);
  if (!lease)
    return bad_lease(what.expected_tip);
  auto repository = open_scratch(what.commit.parent);
  if (!repository)
    return repository.error();
  const auto commit = make_commit(repository->get(), what.commit);
  if (!commit)
    return commit.error();
  connection link(repository->get(), what.to, options, stop);
  const auto server = link.open(GIT_DIRECTION_PUSH);
  if (!server)
    return server.error();
  const auto* now = server->branch(what.branch);
  if (now && git_oid_equal(now, &*commit))
    return hex(*commit);
  if (auto ok = link.upload(*commit, what.branch, *lease); !ok)
    return ok.error();
  return hex(*commit);
}

} // namespace pj::git
