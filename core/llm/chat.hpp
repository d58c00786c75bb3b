#pragma once
#include "core/llm/provider.hpp"
#include "core/shared_text.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pj::llm {

enum class role : std::uint8_t { user, assistant };

struct message {
  role from = role::user;
  std::string text;

  /// The text up to here is the same for many requests: a good place for a
  /// prompt cache to end (Anthropic `cache_control`).
  bool cache_here = false;
};

/// What is asked, whoever answers.
struct chat {
  std::string model;
  shared_text system;
  std::vector<message> messages;
  std::uint32_t max_output_tokens = 0; ///< 0: the model table's value
  std::optional<double> temperature;   ///< unset: not sent
};

/// Counted by the provider. Input includes what came from a cache.
struct usage {
  std::uint64_t input_tokens = 0;
  std::uint64_t cached_tokens = 0;      ///< part of input, read from a cache
  std::uint64_t cache_write_tokens = 0; ///< part of input, written to a cache
  std::uint64_t output_tokens = 0;
  std::uint64_t reasoning_tokens = 0; ///< part of output
  std::optional<double> cost_usd;     ///< only where the wire says it
};

/// Why the answer ended.
enum class finish : std::uint8_t {
  complete,  ///< the model said what it had to say
  truncated, ///< output limit, or the stream ended without its end marker
  refused,   ///< the model declined
  filtered,  ///< the provider withheld it
  paused,    ///< the provider wants to be asked to go on (`pause_turn`)
  other,     ///< a reason this version does not know; see `raw_finish`
};

/// One finished answer.
struct completion {
  std::string text; ///< what the model wrote, without its reasoning
  finish end = finish::complete;
  std::string raw_finish; ///< as on the wire
  std::string refusal;    ///< what the model said when it declined
  std::string model;      ///< as the server names it
  std::string request_id; ///< for support; from header or body
  usage tokens;
};

} // namespace pj::llm
