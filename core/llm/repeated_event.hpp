#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pj::llm {

/// Most events of a stream differ from the one before in the next piece of
/// text, and perhaps in a counter or padding that mean nothing. What was read
/// once with care need not be parsed again where all other bytes are the same.
/// Anything unusual (an escape, a control character, bytes that are not UTF-8)
/// is left to the parser.
class repeated_event {
public:
  using keys = std::span<const std::string_view>;

  /// Remembers a parsed event. `block`: its bytes with the blank line at the
  /// end; `key`: with quotes, of the member that held `text`; `noise`: with
  /// quotes, of strings and numbers whose value is of no interest. Forgets all
  /// when the text is not found exactly once, or not as it stands.
  void learn(std::string_view block, std::string_view key,
             std::string_view text, keys noise = {});

  struct match {
    std::string_view text;
    std::size_t length = 0; ///< of the whole event
  };

  /// The event at the start of `bytes`, when it is a repetition.
  std::optional<match> read(std::string_view bytes) const noexcept;

  /// Tells that a match was used: repetitions are worth looking for.
  void helped() noexcept { learned_in_vain_ = 0; }

private:
  enum class filling : std::uint8_t { text, string, number };

  /// Bytes that are always the same, and what stands behind them.
  struct part {
    std::string fixed;
    filling then = filling::text;
  };

  /// Where a value stands in an event, without its quotes.
  struct place {
    std::size_t at = 0;
    std::size_t length = 0;
    filling is = filling::text;
  };

  static std::optional<place> find_value(std::string_view block,
                                         std::string_view key);
  bool is_worth_learning() noexcept;

  int learned_in_vain_ = 0; ///< in a row
  std::vector<part> parts_; ///< empty: nothing is known
  std::string end_;         ///< behind the last value
};

} // namespace pj::llm
