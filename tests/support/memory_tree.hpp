#pragma once
#include "core/tree.hpp"

#include <map>
#include <utility>

namespace pj {

/// A tree held in memory.
class memory_tree : public source_tree {
public:
  memory_tree() = default;

  memory_tree(
    std::initializer_list<std::pair<std::string, std::string>> files) {
    for (const auto& [path, content] : files)
      add(path, content);
  }

  void add(const std::string& path, std::string content,
           file_mode mode = file_mode::regular) {
    files_[path] = {std::move(content), mode};
    entries_.clear();
    for (const auto& [name, file] : files_)
      entries_.push_back({name, file.second, {}, file.first.size()});
  }

  const std::vector<tree_entry>& entries() const override { return entries_; }

  const tree_entry* find(std::string_view path) const override {
    return find_entry(entries_, path);
  }

  result<std::string> read(std::string_view path) const override {
    ++reads;
    const auto at = files_.find(std::string(path));
    if (at == files_.end())
      return failure{failure_class::fail,
                     failure_code::git,
                     "no such file: " + std::string(path),
                     {},
                     {}};
    return at->second.first;
  }

  mutable std::size_t reads = 0;

private:
  std::map<std::string, std::pair<std::string, file_mode>> files_;
  std::vector<tree_entry> entries_;
};

} // namespace pj
