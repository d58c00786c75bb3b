#pragma once
#include "core/llm/chat.hpp"
#include "core/llm/wire.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pj::llm {

/// US dollars per million tokens.
struct price {
  double input = 0;
  double output = 0;
  double cached = 0;      ///< input read from a cache
  double cache_write = 0; ///< input written to a cache
};

/// What is known about a model. Comes from the built-in YAML table, which
/// people may replace or extend.
struct model_entry {
  std::string name;
  provider_id provider = provider_id::openai;
  std::uint32_t window = 128'000;          ///< tokens, input and output
  std::uint32_t max_output_tokens = 8'192; ///< what is asked for
  std::string token_field = "max_completion_tokens"; ///< chat completions only
  std::string system_role = "system"; ///< "developer" for OpenAI's newer ones
  bool sends_temperature = true;
  bool sends_stream_options = true; ///< chat completions only
  std::optional<wire> speaks;       ///< unset: the provider's usual wire
  std::optional<price> cost;        ///< unset: unknown, and said so
  bool is_default = false;          ///< the provider's model when none is named
  bool window_is_guess = false;     ///< the table does not know this model
};

class model_table {
public:
  /// The table that ships with the program.
  static const model_table& built_in();

  /// Entries of `yaml` added to (and, by name, in place of) the built-in ones.
  /// Errors name the line.
  static result<model_table> with_overrides(std::string_view yaml);

  /// The entry for a model: exact name, then the longest entry name ending in
  /// `*` that is a prefix, else a careful guess with unknown price.
  model_entry find(provider_id provider, std::string_view model) const;

  /// Name of the provider's default model.
  std::string default_model(provider_id provider) const;

  std::vector<model_entry> entries;
};

/// US dollars for what was counted; what the wire said wins. Empty when the
/// price is unknown.
std::optional<double> cost_of(const model_entry& model, const usage& tokens);

/// A careful estimate for budgets: at least one token for 3 bytes.
std::uint64_t estimate_tokens(std::uint64_t bytes) noexcept;
std::uint64_t estimate_tokens(std::string_view text) noexcept;

} // namespace pj::llm
