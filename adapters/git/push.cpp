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

/// libgit2 sends everything that no advertised commit has. When the base moved
/// on, that would be the parent's whole tree, unless the mirror knows the
/// commit it moved to. Saves time only: a failure shows itself in the upload.
void know_the_base(const push_request& what, const advertisement& server,
                   fetcher& mirrors, const std::stop_token& stop) {
  const auto parent = read_id(what.commit.parent.commit);
  for (const auto& [name, id] : server.refs)
    if (parent && git_oid_equal(&id, &*parent))
      return;
  if (const auto* base = server.branch(what.commit.parent.base))
    (void)mirrors.bring_branch(what.commit.parent.mirror, what.to,
                               what.commit.parent.base, *base, stop);
}

} // namespace

result<std::string> push(const push_request& what, const git_options& options,
                         fetcher& mirrors, std::stop_token stop) {
  const auto lease =
    what.expected_tip.empty() ? git_oid{} : read_id(what.expected_tip);
  if (!lease)
    return bad_lease(what.expected_tip);
  auto repository = scratch::open(what.commit.parent);
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
  know_the_base(what, *server, mirrors, stop);
  if (auto ok = repository->refresh(); !ok)
    return ok.error();
  mirrors.forget(what.to, what.branch);
  if (auto ok = link.upload(*commit, what.branch, *lease); !ok)
    return ok.error();
  return hex(*commit);
}

} // namespace pj::git
