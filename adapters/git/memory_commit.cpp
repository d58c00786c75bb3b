#include "adapters/git/memory_commit.hpp"

#include "adapters/git/errors.hpp"
#include "adapters/git/ids.hpp"
#include "adapters/git/mirror.hpp"
#include "core/text.hpp"

#include <git2/sys/commit.h>
#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>

namespace pj::git {

namespace {

constexpr int before_all_others = 999;

git_filemode_t mode_of(const file_change& change) {
  return static_cast<git_filemode_t>(change.mode);
}

/// What has to happen to the parent's tree, for libgit2.
class tree_updates {
public:
  explicit tree_updates(const change_set& change) {
    updates_.reserve(2 * change.files.size());
  }

  void remove(const std::string& path) {
    git_tree_update update{};
    update.action = GIT_TREE_UPDATE_REMOVE;
    update.path = path.c_str();
    updates_.push_back(update);
  }

  result<done> put(git_repository* repository, const file_change& file) {
    git_tree_update update{};
    update.action = GIT_TREE_UPDATE_UPSERT;
    update.filemode = mode_of(file);
    update.path = file.path.c_str();
    if (git_blob_create_from_buffer(&update.id, repository, file.content.data(),
                                    file.content.size()) != 0)
      return local_failure("cannot store " + printable(file.path));
    updates_.push_back(update);
    return done{};
  }

  result<git_oid> apply(git_repository* repository, git_tree* parent) {
    git_oid id;
    if (git_tree_create_updated(&id, repository, parent, updates_.size(),
                                updates_.data()) != 0)
      return local_failure("the change does not fit the repository's tree");
    return id;
  }

private:
  std::vector<git_tree_update> updates_;
};

result<git_oid> make_tree(git_repository* repository, git_tree* parent,
                          const change_set& change) {
  tree_updates updates(change);
  for (const auto& file : change.files) {
    if (file.mode == file_mode::submodule)
      return final_failure("submodules are not changed: " +
                           printable(file.path));
    if (file.kind == change_kind::remove)
      updates.remove(file.path);
    if (file.kind == change_kind::rename)
      updates.remove(file.old_path);
    if (file.kind == change_kind::remove)
      continue;
    if (auto ok = updates.put(repository, file); !ok)
      return ok.error();
  }
  return updates.apply(repository, parent);
}

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

result<repository_ptr> open_scratch(const snapshot& at) {
  auto repository = open_bare(at.mirror);
  if (!repository)
    return local_failure("cannot open the mirror " + at.mirror.string());
  const auto odb = make<odb_ptr>(git_repository_odb, repository.get());
  git_odb_backend* memory = nullptr;
  if (!odb || git_mempack_new(&memory) != 0 ||
      git_odb_add_backend(odb.get(), memory, before_all_others) != 0)
    return local_failure("cannot keep objects in memory");
  return repository;
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
  const auto tree = make_tree(repository, before.get(), *what.change);
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
