#include "adapters/git/memory_commit.hpp"

#include "adapters/git/errors.hpp"
#include "adapters/git/ids.hpp"
#include "adapters/git/mirror.hpp"
#include "adapters/git/tree_edit.hpp"
#include "core/text.hpp"

#include <git2/sys/commit.h>
#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>

namespace pj::git {

namespace {

constexpr int before_all_others = 999;
constexpr int after_memory = 1;

result<signature_ptr> signature_of(const commit_request& what) {
  auto out = make<signature_ptr>(git_signature_new, what.author_name.c_str(),
                                 what.author_email.c_str(),
                                 what.when.time_since_epoch().count(), 0);
  if (!out)
    return local_failure("the commit's author cannot be written (" +
                         printable(what.author_name) + " <" +
                         printable(what.author_email) + ">)");
  return out;
}

std::string message_of(const commit_request& what) {
  auto out = what.message;
  if (!out.ends_with('\n'))
    out += '\n';
  return out;
}

} // namespace

scratch::scratch(std::filesystem::path mirror, repository_ptr repository,
                 odb_ptr odb)
  : packs_(std::move(mirror) / "objects" / "pack"),
    repository_(std::move(repository)), odb_(std::move(odb)) {}

// libgit2's own object database looks into the folder again for every object
// it does not know, and a push asks about every reference of the server. One
// made of single packs does not. Mirrors have no loose objects.
result<scratch> scratch::open(const snapshot& at) {
  scratch out(at.mirror, open_bare(at.mirror), make<odb_ptr>(git_odb_new));
  git_odb_backend* memory = nullptr;
  if (!out.repository_)
    return local_failure("cannot open the mirror " + at.mirror.string());
  if (!out.odb_ || git_mempack_new(&memory) != 0 ||
      git_odb_add_backend(out.odb_.get(), memory, before_all_others) != 0 ||
      git_repository_set_odb(out.get(), out.odb_.get()) != 0)
    return local_failure("cannot keep objects in memory");
  if (auto ok = out.refresh(); !ok)
    return ok.error();
  return out;
}

result<done> scratch::refresh() {
  std::error_code error;
  for (std::filesystem::directory_iterator i(packs_, error), end;
       !error && i != end; i.increment(error)) {
    const auto& file = i->path();
    if (file.extension() != ".idx" || !known_.insert(file).second)
      continue;
    git_odb_backend* pack = nullptr;
    if (git_odb_backend_one_pack(&pack, file.c_str()) != 0 ||
        git_odb_add_backend(odb_.get(), pack, after_memory) != 0)
      return local_failure("cannot read the pack " + file.string());
  }
  if (error)
    return cache_failure(packs_, error.message());
  return done{};
}

result<git_oid> make_commit(git_repository* repository,
                            const commit_request& what) {
  const auto parent_id = read_id(what.parent.commit);
  if (!parent_id || what.message.find('\0') != std::string::npos)
    return final_failure(
      "the commit cannot be written: no parent, or a NUL in its "
      "message");
  const auto parent =
    make<commit_ptr>(git_commit_lookup, repository, &*parent_id);
  if (!parent)
    return local_failure("the mirror lost commit " + what.parent.commit);
  const auto before = make<tree_ptr>(git_commit_tree, parent.get());
  if (!before)
    return local_failure("the mirror lost the tree of " + what.parent.commit);
  const auto tree = edit_tree(repository, before.get(), *what.change);
  if (!tree)
    return tree.error();
  if (git_oid_equal(&*tree, git_tree_id(before.get())))
    return final_failure(
      "nothing to commit: the change leaves every file as it is");
  const auto author = signature_of(what);
  if (!author)
    return author.error();
  git_oid id;
  const git_oid* parents[] = {&*parent_id};
  if (git_commit_create_from_ids(
        &id, repository, nullptr, author->get(), author->get(), nullptr,
        message_of(what).c_str(), &*tree, 1, parents) != 0)
    return local_failure("cannot make the commit");
  return id;
}

} // namespace pj::git
