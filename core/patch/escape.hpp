#pragma once
#include "core/patch/edit.hpp"

#include <deque>
#include <string>

namespace pj::patch {

/// A hunk with one level of escaping taken off (`\"` to `"`, `\n` to a new
/// line). Its views point into this object: not copyable.
class unescaped {
public:
  unescaped() = default;
  unescaped(const unescaped&) = delete;
  unescaped& operator=(const unescaped&) = delete;

  /// False when nothing was escaped.
  bool make(const hunk& h);

  const hunk& lines() const noexcept { return hunk_; }

private:
  hunk hunk_;
  std::deque<std::string> room_;
};

} // namespace pj::patch
