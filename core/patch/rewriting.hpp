#pragma once
#include "core/patch/edit.hpp"

#include <deque>
#include <functional>
#include <string>

namespace pj::patch {

/// A hunk with all its lines written in another way. Its views point into this
/// object: not copyable.
class rewriting {
public:
  using rewriter = std::function<std::string(std::string_view)>;

  rewriting() = default;
  rewriting(const rewriting&) = delete;
  rewriting& operator=(const rewriting&) = delete;

  /// A line break that `rewrite` makes parts the line. False when nothing
  /// came out different.
  bool make(const hunk& h, const rewriter& rewrite);

  const hunk& lines() const noexcept { return hunk_; }

private:
  hunk hunk_;
  std::deque<std::string> room_;
};

/// `\"`, `\'` and `` \` `` without their backslash.
std::string without_escaped_quotes(std::string_view text);

/// One level of escaping taken off: `\"` to `"`, `\n` to a new line.
std::string without_escapes(std::string_view text);

/// `&amp;`, `&lt;`, `&gt;`, `&quot;` and `&#39;` as the characters they stand
/// for.
std::string without_entities(std::string_view text);

/// One of them outside of quotes, where code never has them.
bool has_bare_entity(std::string_view text);

} // namespace pj::patch
