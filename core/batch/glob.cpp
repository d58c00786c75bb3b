#include "core/batch/glob.hpp"

#include "core/text.hpp"

namespace pj::batch {

namespace {

bool same(char pattern, char c) noexcept {
  return pattern == '?' ? c != '/'
                        : equal_ignoring_case({&pattern, 1}, {&c, 1});
}

/// What a star may still take when the rest does not fit.
struct retreat {
  std::size_t pattern = std::string_view::npos; ///< behind the star
  std::size_t name = 0;
  bool over_slashes = false;

  bool can_grow(std::string_view text) const noexcept {
    return pattern != std::string_view::npos && name < text.size() &&
           (over_slashes || text[name] != '/');
  }
};

} // namespace

// Greedy with the last star of each kind to come back to: when the later one
// cannot make it, no earlier one of its kind could.
bool glob_matches(std::string_view pattern, std::string_view name) noexcept {
  if (pattern.find('/') == pattern.npos && pattern.find("**") == pattern.npos)
    name.remove_prefix(name.rfind('/') + 1); // npos + 1 is 0
  retreat narrow;
  retreat wide;
  std::size_t p = 0;
  std::size_t n = 0;
  while (p < pattern.size() || n < name.size()) {
    if (pattern.substr(p, 2) == "**") {
      wide = {p += 2, n, true};
      narrow = {};
    } else if (p < pattern.size() && pattern[p] == '*') {
      narrow = {++p, n, false};
    } else if (p < pattern.size() && n < name.size() &&
               same(pattern[p], name[n])) {
      ++p;
      ++n;
    } else {
      auto& star = narrow.can_grow(name) ? narrow : wide;
      if (!star.can_grow(name))
        return false;
      if (&star == &wide)
        narrow = {};
      p = star.pattern;
      n = ++star.name;
    }
  }
  return true;
}

} // namespace pj::batch
