#include "adapters/git/tree_cache.hpp"

#include <algorithm>

namespace pj::git {

namespace {

/// Of all trees kept; about 150 bytes each.
constexpr std::size_t most_files = 200'000;

} // namespace

std::optional<loaded_tree> tree_cache::find(const std::filesystem::path& mirror,
                                            const std::string& commit) {
  const std::lock_guard lock(mutex_);
  const auto i = std::find_if(items_.begin(), items_.end(), [&](auto& x) {
    return x.commit == commit && x.mirror == mirror;
  });
  if (i == items_.end())
    return std::nullopt;
  items_.splice(items_.begin(), items_, i);
  return i->tree;
}

void tree_cache::keep(const std::filesystem::path& mirror,
                      const std::string& commit, const loaded_tree& tree) {
  const std::lock_guard lock(mutex_);
  items_.push_front({mirror, commit, tree});
  std::size_t files = 0;
  std::erase_if(items_, [&files](const item& x) {
    files += x.tree.tree->entries().size() + 1;
    return files > most_files;
  });
}

void tree_cache::forget(const std::filesystem::path& mirror) {
  const std::lock_guard lock(mutex_);
  std::erase_if(items_, [&](const item& x) { return x.mirror == mirror; });
}

} // namespace pj::git
