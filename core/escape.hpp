#pragma once
#include <string>
#include <string_view>

namespace pj {

/// Fit for one line of a log or an error: control characters (C0, DEL, C1, the
/// line separators and the direction overrides of Unicode) as `\n`, `\t`,
/// `\x1b`, `\u202e`, bytes that are not UTF-8 as `\xff`. The rest untouched.
std::string escaped(std::string_view text);

/// Makes streamed text harmless for a terminal: new lines and tabs pass, other
/// control characters come out as `escaped` writes them, so no sequence of the
/// sender is ever obeyed. A sequence cut between two pieces is kept until the
/// next one.
class terminal_filter {
public:
  /// What may be shown of the stream so far.
  std::string operator()(std::string_view piece);

  /// What was still waiting for its end.
  std::string finish();

private:
  std::string waiting_; ///< at most 3 bytes
};

} // namespace pj
