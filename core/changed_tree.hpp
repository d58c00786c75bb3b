#pragma once
#include "core/change.hpp"
#include "core/tree.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pj {

/// A tree as it is after a change. Both must outlive it.
class changed_tree : public source_tree {
public:
  changed_tree(const source_tree& base, const change_set& change);

  const std::vector<tree_entry>& entries() const override { return entries_; }
  const tree_entry* find(std::string_view path) const override;
  result<std::string> read(std::string_view path) const override;

private:
  const source_tree& base_;
  const change_set& change_;
  std::vector<tree_entry> entries_;
};

} // namespace pj
