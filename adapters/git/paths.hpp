#pragma once
#include "core/text.hpp"

#include <algorithm>
#include <string_view>

namespace pj::git {

constexpr std::size_t max_path = 4096; ///< bytes, as Linux has it

/// A name that cannot lead a writer out of its folder or into `.git`.
inline bool is_safe_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find('/') == name.npos && name.find('\0') == name.npos &&
         !equal_ignoring_case(name, ".git");
}

/// A relative path of safe names.
inline bool is_safe_path(std::string_view path) {
  const auto names = split(path, '/');
  return path.size() <= max_path &&
         std::all_of(names.begin(), names.end(), is_safe_name);
}

} // namespace pj::git
