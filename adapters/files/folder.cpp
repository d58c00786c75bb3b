#include "adapters/files/folder.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>

namespace pj {

namespace {

namespace fs = std::filesystem;

failure cannot(const std::string& what, failure_code code) {
  failure out;
  out.kind = failure_class::fail;
  out.code = code;
  out.what = what;
  return out;
}

file_mode mode_of(const struct stat& s) {
  if (S_ISLNK(s.st_mode))
    return file_mode::symlink;
  return (s.st_mode & 0111) != 0 ? file_mode::executable : file_mode::regular;
}

class folder final : public source_tree {
public:
  folder(fs::path root, std::vector<tree_entry> entries)
    : root_(std::move(root)), entries_(std::move(entries)) {}

  const std::vector<tree_entry>& entries() const override { return entries_; }

  const tree_entry* find(std::string_view path) const override {
    return find_entry(entries_, path);
  }

  result<std::string> read(std::string_view path) const override {
    const auto* entry = find(path);
    if (!entry)
      return cannot("no such file: " + std::string(path), failure_code::git);
    if (entry->mode == file_mode::symlink)
      return read_link(path);
    std::ifstream in(root_ / path, std::ios::binary);
    std::string out(entry->size, '\0');
    in.read(out.data(), static_cast<std::streamsize>(out.size()));
    out.resize(
      static_cast<std::size_t>(std::max<std::streamsize>(0, in.gcount())));
    if (in.good())
      out.append(std::istreambuf_iterator<char>(in), {});
    if (in.bad() || (!in.is_open() && entry->size > 0))
      return cannot("cannot read " + std::string(path), failure_code::git);
    return out;
  }

private:
  result<std::string> read_link(std::string_view path) const {
    std::error_code error;
    const auto target = fs::read_symlink(root_ / path, error);
    if (error)
      return cannot("cannot read the link " + std::string(path) + ": " +
                      error.message(),
                    failure_code::git);
    return target.string();
  }

  fs::path root_;
  std::vector<tree_entry> entries_;
};

/// Adds one thing of a folder; false stops the walk.
bool add(const fs::path& root, const fs::path& at, std::vector<tree_entry>& out,
         std::size_t max_files) {
  struct stat s {};
  if (::lstat(at.c_str(), &s) != 0)
    return true;
  if (!S_ISREG(s.st_mode) && !S_ISLNK(s.st_mode))
    return true;
  tree_entry entry;
  entry.path = at.lexically_relative(root).generic_string();
  entry.mode = mode_of(s);
  entry.size = static_cast<std::uint64_t>(s.st_size);
  out.push_back(std::move(entry));
  return out.size() <= max_files;
}

} // namespace

result<std::unique_ptr<source_tree>> open_folder(const fs::path& root,
                                                 std::size_t max_files) {
  std::error_code error;
  if (!fs::is_directory(root, error))
    return cannot(root.string() + " is not a folder",
                  failure_code::configuration);
  std::vector<tree_entry> entries;
  fs::recursive_directory_iterator i(
    root, fs::directory_options::skip_permission_denied, error);
  for (const fs::recursive_directory_iterator end; !error && i != end;
       i.increment(error)) {
    if (i->path().filename() == ".git")
      i.disable_recursion_pending();
    else if (!add(root, i->path(), entries, max_files))
      return cannot(root.string() + " holds more than " +
                      std::to_string(max_files) + " files",
                    failure_code::configuration);
  }
  if (error)
    return cannot("cannot list " + root.string() + ": " + error.message(),
                  failure_code::configuration);
  std::sort(entries.begin(), entries.end(),
            [](auto& a, auto& b) { return a.path < b.path; });
  return std::unique_ptr<source_tree>(
    std::make_unique<folder>(root, std::move(entries)));
}

} // namespace pj
