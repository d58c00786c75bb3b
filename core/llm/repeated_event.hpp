#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace pj::llm {

/// Most events of a stream differ from the one before in a single string: the
/// next piece of text. What was read once with care need not be parsed again
/// where all other bytes are the same. Anything unusual (an escape, a control
/// character, bytes that are not UTF-8) is left to the parser.
class repeated_event {
public:
  /// Remembers a parsed event. `block`: its bytes with the blank line at the
  /// end; `key`: with quotes, of the member that held `text`. Forgets all when
  /// the text is not found exactly once, or not as it stands.
  void learn(std::string_view block, std::string_view key,
             std::string_view text);

  struct match {
    std::string_view text;
    std::size_t length = 0; ///< of the whole event
  };

  /// The event at the start of `bytes`, when it is a repetition.
  std::optional<match> read(std::string_view bytes) noexcept;

private:
  bool is_worth_learning() noexcept;

  int learned_in_vain_ = 0; ///< in a row
  std::string before_;      ///< up to the opening quote, which is included
  std::string after_; ///< from the closing quote on; empty: nothing is known
};

} // namespace pj::llm
