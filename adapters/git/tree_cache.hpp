#pragma once
#include "adapters/git/odb_tree.hpp"

#include <filesystem>
#include <list>
#include <mutex>
#include <optional>
#include <string>

namespace pj::git {

/// The trees read last, so that the tasks of a batch share one. Thread-safe.
class tree_cache {
public:
  std::optional<loaded_tree> find(const std::filesystem::path& mirror,
                                  const std::string& commit);

  /// Forgets older trees when all together have too many files.
  void keep(const std::filesystem::path& mirror, const std::string& commit,
            const loaded_tree& tree);

  /// The mirror is not the one it was.
  void forget(const std::filesystem::path& mirror);

private:
  struct item {
    std::filesystem::path mirror;
    std::string commit;
    loaded_tree tree;
  };

  std::mutex mutex_;
  std::list<item> items_; ///< last used first
};

} // namespace pj::git
