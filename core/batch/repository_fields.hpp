#pragma once
#include "core/batch/repository.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pj::batch {

/// What one may say about a repository: `url`, `base`, `commit`, … in the
/// order people are told them.
const std::vector<std::string_view>& repository_keys();

/// A value as a file has it.
struct field_value {
  std::string text; ///< trimmed, not empty
  place at;
  std::string key;        ///< for problems
  std::string_view raw;   ///< the whole file
  std::size_t offset = 0; ///< of the value in it
};

/// Puts the value where `name`, one of `repository_keys()`, wants it, or notes
/// what is wrong with it.
void take_field(repository& into, std::string_view name, field_value value,
                problem_log& problems);

/// What is wrong with the name of a provider; empty when nothing is.
std::string_view provider_complaint(std::string_view value);

constexpr int highest_priority = 100; ///< and the lowest below 0

/// A template of one line, with its problems noted.
text_template one_line_template(const field_value& value,
                                problem_log& problems);

} // namespace pj::batch
