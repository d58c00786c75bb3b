#include "core/changed_tree.hpp"

#include <algorithm>
#include <set>

namespace pj {

namespace {

bool leaves(const file_change& file) noexcept {
  return file.kind == change_kind::remove;
}

} // namespace

changed_tree::changed_tree(const source_tree& base, const change_set& change)
  : base_(base), change_(change) {
  std::set<std::string_view> touched;
  for (const auto& file : change.files) {
    touched.insert(file.path);
    if (file.kind == change_kind::rename)
      touched.insert(file.old_path);
    if (!leaves(file))
      entries_.push_back({file.path, file.mode, {}, file.content.size()});
  }
  for (const auto& entry : base.entries())
    if (touched.count(entry.path) == 0)
      entries_.push_back(entry);
  std::sort(entries_.begin(), entries_.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
}

const tree_entry* changed_tree::find(std::string_view path) const {
  return find_entry(entries_, path);
}

result<std::string> changed_tree::read(std::string_view path) const {
  for (const auto& file : change_.files)
    if (file.path == path && !leaves(file))
      return file.content;
  if (find(path))
    return base_.read(path);
  return failure{failure_class::fail,
                 failure_code::git,
                 "no such file: " + std::string(path),
                 {},
                 {}};
}

} // namespace pj
