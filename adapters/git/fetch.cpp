#include "adapters/git/fetch.hpp"

#include "adapters/git/base_branch.hpp"
#include "adapters/git/errors.hpp"
#include "adapters/git/ids.hpp"
#include "adapters/git/odb_tree.hpp"
#include "core/text.hpp"

namespace pj::git {

namespace {

bool has(git_repository* repository, const git_oid& commit) {
  const auto odb = make<odb_ptr>(git_repository_odb, repository);
  return odb && git_odb_exists(odb.get(), &commit) == 1;
}

/// The name under which the mirror remembers a server's reference; keeps old
/// commits as a base for the next fetch. Hashed: no two get in each other's
/// way as `a` and `a/b` would.
std::string kept_name(const std::string& reference) {
  git_oid id;
  git_odb_hash(&id, reference.data(), reference.size(), GIT_OBJECT_BLOB);
  return "refs/pj/" + hex(id);
}

failure gone(const std::string& commit) {
  return final_failure("commit " + printable(commit) +
                       " is no longer in the git cache: start the task again");
}

} // namespace

fetcher::fetcher(const git_options& options, mirrors& cache)
  : options_(options), cache_(cache) {}

result<snapshot> fetcher::fetch(const fetch_request& what,
                                std::stop_token stop) {
  return fetch_once(what, stop);
}

result<snapshot> fetcher::fetch_once(const fetch_request& what,
                                     std::stop_token stop) {
  const auto mirror = cache_.folder(what.from.url);
  auto repository = cache_.open(mirror, stop);
  if (!repository)
    return repository.error();
  connection link(repository->get(), what.from, options_, stop);
  const auto server = link.open(GIT_DIRECTION_FETCH);
  if (!server)
    return server.error();
  auto base = choose_base(*server, what);
  if (!base)
    return base.error();
  if (auto ok = bring(repository->get(), what.from, link,
                      "refs/heads/" + base->name, base->commit, stop);
      !ok)
    return ok.error();
  auto out = snapshot_at(mirror, base->commit);
  if (!out)
    return out;
  out->base = base->name;
  out->warnings.insert(out->warnings.begin(), base->warnings.begin(),
                       base->warnings.end());
  return out;
}

result<done> fetcher::bring(git_repository* repository,
                            const git_remote_spec& from, connection& link,
                            const std::string& reference, const git_oid& commit,
                            std::stop_token stop) {
  if (has(repository, commit))
    return done{};
  const auto mirror = cache_.folder(from.url);
  const auto held = cache_.lock(mirror, stop);
  if (!held)
    return held.error();
  if (has(repository, commit)) // another task brought it meanwhile
    return done{};
  const writing_mark mark(mirror, *held);
  if (auto ok = link.download(reference); !ok)
    return ok;
  if (!make<reference_ptr>(git_reference_create, repository,
                           kept_name(reference).c_str(), &commit, 1, nullptr))
    return local_failure("cannot note what was fetched");
  return done{};
}

result<snapshot> fetcher::snapshot_at(const std::filesystem::path& mirror,
                                      const git_oid& commit) {
  auto repository = open_bare(mirror);
  if (!repository)
    return local_failure("cannot open the mirror " + mirror.string());
  auto loaded = load_tree(std::move(repository), commit, options_);
  if (!loaded)
    return loaded.error();
  return snapshot{.tree = std::move(loaded->tree),
                  .base = {},
                  .commit = hex(commit),
                  .mirror = mirror,
                  .warnings = std::move(loaded->warnings)};
}

result<snapshot> fetcher::reopen(const git_remote_spec& from,
                                 const std::string& base,
                                 const std::string& commit,
                                 std::stop_token stop) {
  const auto mirror = cache_.folder(from.url);
  const auto repository = cache_.open(mirror, std::move(stop));
  if (!repository)
    return repository.error();
  const auto id = read_id(commit);
  if (!id || !has(repository->get(), *id))
    return gone(commit);
  auto out = snapshot_at(mirror, *id);
  if (out)
    out->base = base;
  return out;
}

result<std::optional<branch_tip>> fetcher::tip(const git_remote_spec& at,
                                               const std::string& branch,
                                               std::stop_token stop) {
  auto repository = cache_.open(cache_.folder(at.url), stop);
  if (!repository)
    return repository.error();
  connection link(repository->get(), at, options_, stop);
  const auto server = link.open(GIT_DIRECTION_FETCH);
  if (!server)
    return server.error();
  const auto* id = server->branch(branch);
  if (!id)
    return std::optional<branch_tip>{};
  if (auto ok =
        bring(repository->get(), at, link, "refs/heads/" + branch, *id, stop);
      !ok)
    return ok.error();
  const auto commit =
    make<commit_ptr>(git_commit_lookup, repository->get(), id);
  if (!commit)
    return local_failure("branch " + branch + " is not a commit");
  return std::optional<branch_tip>{
    {hex(*id), git_commit_message_raw(commit.get())}};
}

} // namespace pj::git
