#include "adapters/git/tree_edit.hpp"

#include "adapters/git/errors.hpp"
#include "adapters/git/paths.hpp"

#include <map>
#include <optional>

namespace pj::git {

namespace {

using builder_ptr = handle<git_treebuilder, git_treebuilder_free>;

failure does_not_fit(const std::string& path, const char* why) {
  return final_failure(
    "the change does not fit the repository: " + printable(path) + " " + why);
}

/// What happens to one name of a folder, in this order: the file there goes,
/// what is below it changes, a file is put there.
struct edit {
  const std::string* removes = nullptr; ///< its whole path
  std::map<std::string, edit, std::less<>> below;
  const file_change* puts = nullptr;
};

/// A name of a folder as it will be.
struct slot {
  git_oid id;
  git_filemode_t mode;
  bool is_folder() const { return mode == GIT_FILEMODE_TREE; }
};

edit& at_path(edit& root, const std::string& path) {
  auto* at = &root;
  for (const auto name : split(path, '/'))
    at = &at->below[std::string(name)];
  return *at;
}

result<done> note_removal(edit& root, const std::string& path) {
  if (!is_safe_path(path))
    return does_not_fit(path, "is not a safe path");
  at_path(root, path).removes = &path;
  return done{};
}

result<done> note(edit& root, const file_change& file) {
  if (file.kind == change_kind::remove)
    return note_removal(root, file.path);
  if (file.kind == change_kind::rename)
    if (auto ok = note_removal(root, file.old_path); !ok)
      return ok;
  if (!is_safe_path(file.path))
    return does_not_fit(file.path, "is not a safe path");
  if (file.mode == file_mode::submodule)
    return does_not_fit(file.path, "would be a submodule");
  at_path(root, file.path).puts = &file;
  return done{};
}

class tree_editor {
public:
  explicit tree_editor(git_repository* repository) : repository_(repository) {}

  /// The changed folder; nothing when no file is left in it.
  result<std::optional<git_oid>> folder(const git_tree* before,
                                        const edit& what) const {
    const auto builder =
      make<builder_ptr>(git_treebuilder_new, repository_, before);
    if (!builder)
      return local_failure("cannot change a folder");
    for (const auto& [name, change] : what.below) {
      const auto after = entry(existing(before, name), change);
      if (!after)
        return after.error();
      if (auto ok = set(builder.get(), name, *after); !ok)
        return ok.error();
    }
    if (git_treebuilder_entrycount(builder.get()) == 0)
      return std::optional<git_oid>{};
    return write(builder.get());
  }

private:
  static std::optional<slot> existing(const git_tree* in,
                                      const std::string& name) {
    const auto* found = in ? git_tree_entry_byname(in, name.c_str()) : nullptr;
    if (!found)
      return std::nullopt;
    return slot{*git_tree_entry_id(found), git_tree_entry_filemode(found)};
  }

  static result<std::optional<git_oid>> write(git_treebuilder* builder) {
    git_oid id;
    if (git_treebuilder_write(&id, builder) != 0)
      return local_failure("cannot store a folder");
    return std::optional{id};
  }

  static result<done> set(git_treebuilder* builder, const std::string& name,
                          const std::optional<slot>& to) {
    int code = 0;
    if (to)
      code = git_treebuilder_insert(nullptr, builder, name.c_str(), &to->id,
                                    to->mode);
    else if (git_treebuilder_get(builder, name.c_str()))
      code = git_treebuilder_remove(builder, name.c_str());
    if (code != 0)
      return local_failure("cannot change " + printable(name));
    return done{};
  }

  result<std::optional<slot>> entry(std::optional<slot> now,
                                    const edit& what) const {
    if (what.removes) {
      if (!now || now->is_folder())
        return does_not_fit(*what.removes, "is not a file there");
      now.reset();
    }
    if (!what.below.empty()) {
      auto after = subfolder(now, what);
      if (!after)
        return after;
      now = *after;
    }
    if (what.puts)
      return put(now, *what.puts);
    return now;
  }

  result<std::optional<slot>> subfolder(const std::optional<slot>& now,
                                        const edit& what) const {
    if (now && !now->is_folder())
      return does_not_fit(first_below(what), "is below a file");
    const auto before =
      now ? make<tree_ptr>(git_tree_lookup, repository_, &now->id) : tree_ptr{};
    if (now && !before)
      return local_failure("the mirror lacks a folder");
    const auto after = folder(before.get(), what);
    if (!after)
      return after.error();
    return *after ? std::optional<slot>{{**after, GIT_FILEMODE_TREE}}
                  : std::nullopt;
  }

  static const std::string& first_below(const edit& what) {
    const auto* at = &what;
    while (!at->puts && !at->removes)
      at = &at->below.begin()->second;
    return at->puts ? at->puts->path : *at->removes;
  }

  result<std::optional<slot>> put(const std::optional<slot>& now,
                                  const file_change& file) const {
    if (now && (now->is_folder() || now->mode == GIT_FILEMODE_COMMIT))
      return does_not_fit(file.path, "is a folder or a submodule there");
    slot out{{}, static_cast<git_filemode_t>(file.mode)};
    if (git_blob_create_from_buffer(&out.id, repository_, file.content.data(),
                                    file.content.size()) != 0)
      return local_failure("cannot store " + printable(file.path));
    return std::optional{out};
  }

  git_repository* repository_;
};

} // namespace

result<git_oid> edit_tree(git_repository* repository, const git_tree* before,
                          const change_set& change) {
  edit root;
  for (const auto& file : change.files)
    if (auto ok = note(root, file); !ok)
      return ok.error();
  const tree_editor editor(repository);
  const auto after = editor.folder(before, root);
  if (!after)
    return after.error();
  if (*after)
    return **after;
  const auto empty =
    make<builder_ptr>(git_treebuilder_new, repository, nullptr);
  git_oid id;
  if (!empty || git_treebuilder_write(&id, empty.get()) != 0)
    return local_failure("cannot store an empty tree");
  return id;
}

} // namespace pj::git
