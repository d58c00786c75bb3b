#pragma once
#include <string>
#include <string_view>

namespace pj::llm {

/// Takes a leading `<think>…</think>` out of a streamed answer: compatible
/// servers put the reasoning there. Later ones are text like any other.
class think_filter {
public:
  /// Appends to `out` what belongs to the answer.
  void operator()(std::string_view piece, std::string& out);

  /// The answer is over: what was held back as a possible tag is text.
  void finish(std::string& out);

private:
  enum class state { start, thinking, after, text };
  void start(std::string_view piece, std::string& out);
  void thinking(std::string_view piece, std::string& out);

  state state_ = state::start;
  std::string held_; ///< possible parts of a tag
};

} // namespace pj::llm
