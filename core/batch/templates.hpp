#pragma once
#include "core/batch/problem.hpp"
#include "core/batch/repository.hpp"
#include "core/spec/task_spec.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pj::batch {

/// What the placeholders of one task stand for.
struct template_values {
  const repo_url& repo;
  std::string_view commit; ///< pinned; may be empty
  std::string_view batch;
  std::string_view task;
};

/// "repo.name", "repo.owner", … in the order people are told them.
const std::vector<std::string_view>& placeholder_names();

/// Adds a problem for every placeholder that nothing is known of. `raw` is the
/// text of the file the template was read from and `from` the byte where the
/// value begins there: they give line and column. A body may have the names of
/// a single task's pull request, too.
void check_template(const text_template& what, bool is_body,
                    std::string_view raw, std::size_t from,
                    std::string_view key, problem_log& problems);

/// The text for one task; the names of a body stay for later when `is_body`.
/// Names that stand for nothing here (a `file://` URL has no owner, not every
/// repository a pinned commit) are problems at `at`.
std::string fill_template(const text_template& what, bool is_body,
                          const template_values& values, const place& at,
                          std::string_view key, problem_log& problems);

} // namespace pj::batch
