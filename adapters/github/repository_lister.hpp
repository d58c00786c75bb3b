#pragma once
#include "core/batch/repository.hpp"
#include "core/result.hpp"

#include <vector>

namespace pj {

/// Lists the repositories that a source of a batch stands for.
class repository_lister {
public:
  virtual ~repository_lister() = default;

  /// All of them, in GitHub's order; blocks. `from` is a listing. Failures are
  /// one clear line; a listing that is cut short is a failure, too.
  virtual result<std::vector<batch::repository>>
  list(const batch::repository_source& from) = 0;
};

} // namespace pj
