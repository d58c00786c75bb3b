#pragma once
#include "core/llm/chat.hpp"

#include <optional>

namespace pj::batch {

/// What answers came to.
struct spent {
  double usd = 0;    ///< of those with a known price
  double tokens = 0; ///< in and out

  spent& operator+=(const spent& x) {
    usd += x.usd;
    tokens += x.tokens;
    return *this;
  }
};

inline spent spent_on(const llm::usage& tokens,
                      const std::optional<double>& usd) {
  return {usd.value_or(0),
          static_cast<double>(tokens.input_tokens + tokens.output_tokens)};
}

} // namespace pj::batch
