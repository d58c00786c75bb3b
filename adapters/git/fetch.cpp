#include "adapters/git/fetch.hpp"

#include "adapters/git/base_branch.hpp"
#include "adapters/git/errors.hpp"
#include "adapters/git/ids.hpp"
#include "adapters/git/odb_tree.hpp"
#include "adapters/git/shallow_roots.hpp"
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
  : options_(options), cache_(cache), listings_(options.listing_age) {}

result<snapshot> fetcher::fetch(const fetch_request& what,
                                std::stop_token stop) {
  bool suspect = false;
  auto out = fetch_once(what, suspect, stop);
  if (out || !suspect)
    return out;

  // What a power loss or a full disk left is not mended but made anew.
  if (auto ok = cache_.discard(cache_.folder(what.from.url), stop); !ok)
    return ok.error();
  return fetch_once(what, suspect, stop);
}

/// Sets `suspect` when the mirror itself may be at fault.
result<snapshot> fetcher::fetch_once(const fetch_request& what, bool& suspect,
                                     std::stop_token stop) {
  const auto mirror = cache_.open(cache_.folder(what.from.url), stop);
  if (!mirror)
    return mirror.error();
  auto base = known_base(*mirror, what);
  if (!base) {
    connection link(mirror->repository.get(), what.from, options_, stop);
    const auto server = ask(link, what.from);
    if (!server)
      return server.error();
    auto chosen = choose_base(**server, what);
    if (!chosen)
      return chosen.error();
    if (auto ok = bring(*mirror, link, chosen->name, chosen->commit, stop);
        !ok) {
      suspect = ok.error().code == failure_code::git;
      return ok.error();
    }
    base = *std::move(chosen);
  }
  auto out = snapshot_at(mirror->folder, base->commit);
  if (!out) {
    suspect = out.error().kind == failure_class::retry;
    return out;
  }
  out->base = base->name;
  out->warnings.insert(out->warnings.begin(), base->warnings.begin(),
                       base->warnings.end());
  return out;
}

result<listing_cache::listing> fetcher::ask(connection& link,
                                            const git_remote_spec& at) {
  auto said = link.open(GIT_DIRECTION_FETCH);
  if (!said)
    return said.error();
  return listings_.keep(at.url, *std::move(said));
}

/// The base as the server had it lately, if the mirror has that commit.
std::optional<base_branch> fetcher::known_base(const open_mirror& mirror,
                                               const fetch_request& what) {
  const auto server = listings_.find(what.from.url, what.base);
  if (!server)
    return std::nullopt;
  auto base = choose_base(*server, what);
  if (!base || !has(mirror.repository.get(), base->commit))
    return std::nullopt;
  return *std::move(base);
}

result<done> fetcher::bring(const open_mirror& mirror, connection& link,
                            const std::string& branch, const git_oid& commit,
                            std::stop_token stop) {
  auto* repository = mirror.repository.get();
  if (has(repository, commit))
    return done{};
  const auto held = cache_.lock(mirror.folder, stop);
  if (!held)
    return held.error();
  if (has(repository, commit)) // another task brought it meanwhile
    return done{};
  const writing_mark mark(mirror.folder, *held);
  trees_.forget(mirror.folder);
  const auto reference = "refs/heads/" + branch;
  if (auto ok = keep_shallow_roots(mirror.folder); !ok)
    return ok;
  if (auto ok = link.download(reference); !ok)
    return ok;
  if (auto ok = keep_shallow_roots(mirror.folder); !ok)
    return ok;
  if (!make<reference_ptr>(git_reference_create, repository,
                           kept_name(reference).c_str(), &commit, 1, nullptr))
    return local_failure("cannot note what was fetched");
  return done{};
}

result<done> fetcher::bring_branch(const std::filesystem::path& folder,
                                   const git_remote_spec& from,
                                   const std::string& branch,
                                   const git_oid& commit,
                                   std::stop_token stop) {
  const auto mirror = cache_.open(folder, stop);
  if (!mirror)
    return mirror.error();
  if (has(mirror->repository.get(), commit))
    return done{};
  connection link(mirror->repository.get(), from, options_, stop);
  if (auto ok = link.open(GIT_DIRECTION_FETCH); !ok)
    return ok.error();
  return bring(*mirror, link, branch, commit, stop);
}

result<snapshot> fetcher::snapshot_at(const std::filesystem::path& mirror,
                                      const git_oid& commit) {
  auto loaded = tree_at(mirror, commit);
  if (!loaded)
    return loaded.error();
  return snapshot{.tree = std::move(loaded->tree),
                  .base = {},
                  .commit = hex(commit),
                  .mirror = mirror,
                  .warnings = std::move(loaded->warnings)};
}

result<loaded_tree> fetcher::tree_at(const std::filesystem::path& mirror,
                                     const git_oid& commit) {
  if (auto known = trees_.find(mirror, hex(commit)))
    return *std::move(known);
  auto repository = open_bare(mirror);
  if (!repository)
    return local_failure("cannot open the mirror " + mirror.string());
  auto loaded = load_tree(std::move(repository), commit, options_);
  if (loaded)
    trees_.keep(mirror, hex(commit), *loaded);
  return loaded;
}

result<snapshot> fetcher::reopen(const git_remote_spec& from,
                                 const std::string& base,
                                 const std::string& commit,
                                 std::stop_token stop) {
  const auto mirror = cache_.open(cache_.folder(from.url), std::move(stop));
  if (!mirror)
    return mirror.error();
  const auto id = read_id(commit);
  if (!id || !has(mirror->repository.get(), *id))
    return gone(commit);
  auto out = snapshot_at(mirror->folder, *id);
  if (out)
    out->base = base;
  else if (out.error().kind == failure_class::retry)
    return gone(commit);
  return out;
}

result<std::optional<branch_tip>> fetcher::tip(const git_remote_spec& at,
                                               const std::string& branch,
                                               std::stop_token stop) {
  const auto known = listings_.find(at.url, branch);
  if (known && !known->branch(branch))
    return std::optional<branch_tip>{};
  const auto mirror = cache_.open(cache_.folder(at.url), stop);
  if (!mirror)
    return mirror.error();
  connection link(mirror->repository.get(), at, options_, stop);
  const auto server = ask(link, at);
  if (!server)
    return server.error();
  const auto* id = (*server)->branch(branch);
  if (!id)
    return std::optional<branch_tip>{};
  if (auto ok = bring(*mirror, link, branch, *id, stop); !ok)
    return ok.error();
  const auto commit =
    make<commit_ptr>(git_commit_lookup, mirror->repository.get(), id);
  if (!commit)
    return local_failure("branch " + branch + " is not a commit");
  const auto* parent = git_commit_parent_id(commit.get(), 0);
  return std::optional<branch_tip>{{hex(*id),
                                    git_commit_message_raw(commit.get()),
                                    parent ? hex(*parent) : std::string{}}};
}

} // namespace pj::git
