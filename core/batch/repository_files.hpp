#pragma once
#include "core/batch/repository.hpp"

#include <string_view>
#include <vector>

namespace pj::batch {

/// More is no list a person wrote.
constexpr std::size_t longest_repository_file = 16u << 20;
constexpr std::size_t most_repositories = 100'000;

/// A URL per line; blank lines and what follows '#' at the start of a line or
/// after a blank is ignored.
std::vector<repository> read_repository_lines(std::string_view text,
                                              std::string_view file,
                                              problem_log& problems);

/// CSV (RFC 4180) with a header line: `url`, and any of `repository_keys()`.
/// Empty fields count as not given.
std::vector<repository> read_repository_csv(std::string_view text,
                                            std::string_view file,
                                            problem_log& problems);

} // namespace pj::batch
