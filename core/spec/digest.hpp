#pragma once
#include "core/result.hpp"
#include "core/spec/task_spec.hpp"

#include <string>
#include <string_view>

namespace pj {

/// One line of JSON with sorted keys: equal specs give equal bytes. Holds no
/// secret because a spec has none.
std::string to_json(const task_spec& spec);

/// Inverse of `to_json`. Fields that are missing keep their defaults, unknown
/// ones are ignored: journals outlive versions. Foreign text is a failure
/// (code `journal`).
result<task_spec> task_spec_from_json(std::string_view json);

/// The bytes that decide a task's change, for a digest: the spec without what
/// only says where to report, how long to try, whether to stay and whether to
/// publish.
std::string outcome_inputs(const task_spec& spec);

/// The name a repository scheme has in URLs.
std::string_view to_string(repo_scheme scheme) noexcept;

} // namespace pj
