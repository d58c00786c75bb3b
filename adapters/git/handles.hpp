#pragma once
#include <git2.h>

#include <memory>

namespace pj::git {

/// Frees a libgit2 object with the function that belongs to it.
template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};

template <class T, auto Free>
using handle = std::unique_ptr<T, freed_by<Free>>;

using repository_ptr = handle<git_repository, git_repository_free>;
using remote_ptr = handle<git_remote, git_remote_free>;
using odb_ptr = handle<git_odb, git_odb_free>;
using odb_object_ptr = handle<git_odb_object, git_odb_object_free>;
using tree_ptr = handle<git_tree, git_tree_free>;
using tree_entry_ptr = handle<git_tree_entry, git_tree_entry_free>;
using commit_ptr = handle<git_commit, git_commit_free>;
using reference_ptr = handle<git_reference, git_reference_free>;
using signature_ptr = handle<git_signature, git_signature_free>;

/// What a libgit2 call gives through its first parameter; null when it fails:
/// `make<tree_ptr>(git_tree_lookup, repository, &id)`.
template <class Handle, class Call, class... Args>
Handle make(Call call, Args... args) {
  typename Handle::pointer made = nullptr;
  return Handle(call(&made, args...) == 0 ? made : nullptr);
}

/// libgit2's options as its own function for them sets them:
/// `defaults(git_push_options_init, GIT_PUSH_OPTIONS_VERSION)`.
template <class Options>
Options defaults(int (*init)(Options*, unsigned), unsigned version) {
  Options out;
  init(&out, version);
  return out;
}

} // namespace pj::git
