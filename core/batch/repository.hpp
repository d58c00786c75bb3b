#pragma once
#include "core/batch/problem.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace pj::batch {

/// A text of the spec whose `{{placeholders}}` are filled in per task.
struct text_template {
  std::string text; ///< empty: not given
  place at;         ///< where the value begins
};

/// A repository of a batch and what it has of its own; empty: as the spec
/// says. Unchecked but for its form: `make_task_list` applies the rules of a
/// single task.
struct repository {
  std::string url;
  std::string base;
  std::string commit; ///< 40 hex digits, small: start here, not at the tip
  std::string github; ///< owner/name for the pull request of a `file://` URL
  text_template prompt;
  text_template branch;
  std::string provider;
  std::string model;
  std::optional<int> priority;
  place at; ///< where it was named

  // What only a listing by GitHub knows.
  bool is_listed = false;
  std::string default_branch;
  bool is_fork = false;
  bool is_archived = false;
};

/// Where repositories come from.
enum class source_kind : std::uint8_t {
  one,          ///< named in the spec
  lines,        ///< a file with a URL per line
  csv,          ///< a file with a header line and columns
  organization, ///< GitHub: every repository of an organization
  user,         ///< GitHub: of a user
  topic,        ///< GitHub: with a topic
  search,       ///< GitHub: what a search finds
};

struct repository_source {
  source_kind kind = source_kind::one;
  std::string value; ///< file ("-": standard input), name or query
  repository own;    ///< when `kind` is `one`
  place at;
};

/// Whether the source is a listing by GitHub, for a `repository_lister`.
bool is_listing(source_kind kind) noexcept;

/// The key in the spec, e.g. "organization".
std::string_view to_string(source_kind kind) noexcept;

} // namespace pj::batch
