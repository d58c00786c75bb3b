#include "adapters/git/odb_tree.hpp"

#include "adapters/git/errors.hpp"
#include "adapters/git/ids.hpp"
#include "adapters/git/libgit2_git.hpp"
#include "adapters/git/paths.hpp"

#include <algorithm>
#include <mutex>

namespace pj::git {

namespace {

/// Reads one object after the other from a repository of its own.
class odb_tree final : public source_tree {
public:
  odb_tree(repository_ptr repository, odb_ptr odb,
           std::vector<tree_entry> entries, std::uint64_t max_file_bytes)
    : repository_(std::move(repository)), odb_(std::move(odb)),
      entries_(std::move(entries)), max_file_bytes_(max_file_bytes) {}

  const std::vector<tree_entry>& entries() const override { return entries_; }

  const tree_entry* find(std::string_view path) const override {
    return find_entry(entries_, path);
  }

  result<std::string> read(std::string_view path) const override {
    const auto* entry = find(path);
    if (!entry || entry->mode == file_mode::submodule)
      return final_failure("the repository has no file " + printable(path));
    if (entry->size > max_file_bytes_)
      return final_failure(printable(path) + " is too big to read: " +
                           std::to_string(entry->size) + " bytes");
    return read_object(*entry);
  }

private:
  result<std::string> read_object(const tree_entry& entry) const {
    const auto id = read_id(entry.id);
    const std::lock_guard alone(mutex_);
    const auto object = make<odb_object_ptr>(git_odb_read, odb_.get(), &*id);
    if (!object)
      return local_failure("cannot read " + printable(entry.path));
    return std::string(
      static_cast<const char*>(git_odb_object_data(object.get())),
      git_odb_object_size(object.get()));
  }

  mutable std::mutex mutex_; ///< guards the two handles
  repository_ptr repository_;
  odb_ptr odb_;
  std::vector<tree_entry> entries_;
  std::uint64_t max_file_bytes_;
};

class lister {
public:
  lister(git_repository* repository, git_odb* odb, const git_options& limits)
    : repository_(repository), odb_(odb), limits_(limits) {}

  result<done> list(const git_oid& tree, std::string& prefix) {
    const auto folder = make<tree_ptr>(git_tree_lookup, repository_, &tree);
    if (!folder)
      return incomplete("the repository lacks a folder of its tree");
    if (++folders_ > limits_.max_files)
      return too_many();
    const auto before = prefix.size();
    const auto n = git_tree_entrycount(folder.get());
    for (std::size_t i = 0; i < n; ++i) {
      if (auto ok = add(*git_tree_entry_byindex(folder.get(), i), prefix); !ok)
        return ok;
      prefix.resize(before);
    }
    return done{};
  }

  std::vector<tree_entry> entries() {
    auto by_path = [](const auto& a, const auto& b) { return a.path < b.path; };
    auto same = [](const auto& a, const auto& b) { return a.path == b.path; };
    std::stable_sort(entries_.begin(), entries_.end(), by_path);
    entries_.erase(std::unique(entries_.begin(), entries_.end(), same),
                   entries_.end());
    return std::move(entries_);
  }

  std::vector<std::string> warnings() const {
    if (left_out_ == 0)
      return {};
    return {std::to_string(left_out_) +
            " paths of the repository are not safe to use and left out, "
            "first: " +
            printable(first_left_out_)};
  }

private:
  failure too_many() const {
    return final_failure("the repository has more than " +
                         std::to_string(limits_.max_files) +
                         " files or folders");
  }

  result<done> add(const git_tree_entry& entry, std::string& prefix) {
    const std::string_view name = git_tree_entry_name(&entry);
    prefix += name;
    if (!is_safe_name(name) || prefix.size() > max_path) {
      if (left_out_++ == 0)
        first_left_out_ = prefix;
      return done{};
    }
    if (git_tree_entry_filemode(&entry) == GIT_FILEMODE_TREE) {
      prefix += '/';
      return list(*git_tree_entry_id(&entry), prefix);
    }
    return add_file(entry, prefix);
  }

  result<done> add_file(const git_tree_entry& entry, const std::string& path) {
    if (entries_.size() >= limits_.max_files)
      return too_many();
    const auto& id = *git_tree_entry_id(&entry);
    tree_entry file{.path = path, .mode = mode_of(entry), .id = hex(id)};
    if (file.mode != file_mode::submodule) {
      std::size_t size = 0;
      git_object_t type = GIT_OBJECT_INVALID;
      if (git_odb_read_header(&size, &type, odb_, &id) != 0 ||
          type != GIT_OBJECT_BLOB)
        return incomplete("the repository lacks " + printable(path));
      file.size = size;
    }
    entries_.push_back(std::move(file));
    return done{};
  }

  static file_mode mode_of(const git_tree_entry& entry) {
    switch (git_tree_entry_filemode(&entry)) {
    case GIT_FILEMODE_BLOB_EXECUTABLE:
      return file_mode::executable;
    case GIT_FILEMODE_LINK:
      return file_mode::symlink;
    case GIT_FILEMODE_COMMIT:
      return file_mode::submodule;
    default:
      return file_mode::regular;
    }
  }

  git_repository* repository_;
  git_odb* odb_;
  const git_options& limits_;
  std::vector<tree_entry> entries_;
  std::size_t folders_ = 0;
  std::size_t left_out_ = 0;
  std::string first_left_out_;
};

} // namespace

result<loaded_tree> load_tree(repository_ptr from, const git_oid& commit,
                              const git_options& limits) {
  auto odb = make<odb_ptr>(git_repository_odb, from.get());
  auto at = make<commit_ptr>(git_commit_lookup, from.get(), &commit);
  if (!odb || !at)
    return incomplete("the mirror lacks commit " + hex(commit));
  lister files(from.get(), odb.get(), limits);
  std::string prefix;
  if (auto ok = files.list(*git_commit_tree_id(at.get()), prefix); !ok)
    return ok.error();
  at.reset();
  return loaded_tree{std::make_shared<odb_tree>(std::move(from), std::move(odb),
                                                files.entries(),
                                                limits.max_file_bytes),
                     files.warnings()};
}

} // namespace pj::git
