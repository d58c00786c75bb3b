#include "adapters/git/keep.hpp"

#include "adapters/git/errors.hpp"
#include "adapters/git/ids.hpp"
#include "adapters/git/memory_commit.hpp"
#include "adapters/git/mirror.hpp"

#include <git2/email.h>

#include <fstream>

namespace pj::git {

namespace fs = std::filesystem;

namespace {

failure cannot_keep(const fs::path& where, const std::error_code& why) {
  return final_failure("cannot keep the commit in " + where.string() + ": " +
                       why.message());
}

void link_or_copy(const fs::path& from, const fs::path& to,
                  std::error_code& error) {
  fs::create_hard_link(from, to, error);
  if (error)
    fs::copy_file(from, to, error);
}

/// Packs never change once their index is there.
result<done> share_packs(const fs::path& mirror, const fs::path& repository) {
  const auto from = mirror / "objects/pack";
  const auto to = repository / "objects/pack";
  std::error_code error;
  fs::create_directories(to, error);
  for (fs::directory_iterator i(from, error), end; !error && i != end;
       i.increment(error)) {
    auto pack = i->path();
    if (pack.extension() != ".idx")
      continue;
    link_or_copy(pack, to / pack.filename(), error);
    pack.replace_extension(".pack");
    if (!error)
      link_or_copy(pack, to / pack.filename(), error);
  }
  if (error)
    return cannot_keep(to, error);
  return done{};
}

/// Tells git where history was cut off, as far as this repository goes.
void share_shallow(const fs::path& mirror, const fs::path& repository) {
  std::ifstream from(mirror / "shallow");
  const auto target = open_bare(repository);
  const auto odb =
    target ? make<odb_ptr>(git_repository_odb, target.get()) : odb_ptr{};
  if (!from || !odb)
    return;
  std::ofstream to(repository / "shallow");
  for (std::string line; std::getline(from, line);)
    if (const auto id = read_id(line); id && git_odb_exists(odb.get(), &*id))
      to << line << '\n';
}

result<repository_ptr> make_repository(const fs::path& mirror,
                                       const fs::path& repository) {
  std::error_code error;
  fs::remove_all(repository, error);
  if (error)
    return cannot_keep(repository, error);
  if (auto ok = make_bare(repository); !ok)
    return ok.error();
  if (auto ok = share_packs(mirror, repository); !ok)
    return ok.error();
  share_shallow(mirror, repository);
  auto out = open_bare(repository);
  if (!out)
    return local_failure("cannot open " + repository.string());
  return out;
}

result<done> set_branch(git_repository* repository, const std::string& branch,
                        const git_oid& commit) {
  const auto name = "refs/heads/" + branch;
  if (!make<reference_ptr>(git_reference_create, repository, name.c_str(),
                           &commit, 1, nullptr) ||
      git_repository_set_head(repository, name.c_str()) != 0)
    return local_failure("cannot make branch " + branch);
  return done{};
}

result<std::string> as_patch(git_repository* repository, const git_oid& id) {
  const auto commit = make<commit_ptr>(git_commit_lookup, repository, &id);
  git_email_create_options how{};
  how.version = GIT_EMAIL_CREATE_OPTIONS_VERSION;
  how.diff_opts = defaults(git_diff_options_init, GIT_DIFF_OPTIONS_VERSION);
  how.diff_opts.flags = GIT_DIFF_SHOW_BINARY;
  how.diff_find_opts =
    defaults(git_diff_find_options_init, GIT_DIFF_FIND_OPTIONS_VERSION);
  git_buf text = GIT_BUF_INIT;
  if (!commit || git_email_create_from_commit(&text, commit.get(), &how) != 0)
    return local_failure("cannot write the commit as a patch");
  std::string out(text.ptr, text.size);
  git_buf_dispose(&text);
  return out;
}

result<done> write_patch(const fs::path& file, const std::string& text) {
  auto fresh = file;
  fresh += ".new";
  std::error_code error;
  {
    std::ofstream to(fresh, std::ios::binary);
    to << text;
    if (!to.flush())
      return cannot_keep(fresh, std::make_error_code(std::errc::io_error));
  }
  fs::rename(fresh, file, error);
  if (error)
    return cannot_keep(file, error);
  return done{};
}

} // namespace

result<kept_commit> keep(const commit_request& what, const std::string& branch,
                         const fs::path& folder) {
  kept_commit out{.commit = {},
                  .repository = folder / "repository.git",
                  .patch_file = folder / "change.patch"};
  const auto repository = make_repository(what.parent.mirror, out.repository);
  if (!repository)
    return repository.error();
  const auto commit = make_commit(repository->get(), what);
  if (!commit)
    return commit.error();
  if (auto ok = set_branch(repository->get(), branch, *commit); !ok)
    return ok.error();
  const auto patch = as_patch(repository->get(), *commit);
  if (!patch)
    return patch.error();
  if (auto ok = write_patch(out.patch_file, *patch); !ok)
    return ok.error();
  out.commit = hex(*commit);
  return out;
}

} // namespace pj::git
