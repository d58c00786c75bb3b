#include "core/tree.hpp"

#include <algorithm>

namespace pj {

const tree_entry* find_entry(const std::vector<tree_entry>& sorted,
                             std::string_view path) noexcept {
  auto i = std::lower_bound(
    sorted.begin(), sorted.end(), path,
    [](const tree_entry& e, std::string_view p) { return e.path < p; });
  return i != sorted.end() && i->path == path ? &*i : nullptr;
}

} // namespace pj
