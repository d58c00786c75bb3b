#include "core/llm/models.hpp"

#include <algorithm>
#include <cmath>

namespace pj::llm {

namespace {

constexpr double tokens_per_price = 1e6;

bool is_wildcard(const std::string& name) noexcept {
  return !name.empty() && name.back() == '*';
}

bool matches(const model_entry& entry, std::string_view model) noexcept {
  const auto stem =
    std::string_view(entry.name)
      .substr(0, entry.name.size() - (is_wildcard(entry.name) ? 1 : 0));
  return is_wildcard(entry.name) ? model.substr(0, stem.size()) == stem
                                 : model == stem;
}

/// Exact names rank above wildcards, longer ones above shorter ones.
std::size_t rank(const model_entry& entry) noexcept {
  return is_wildcard(entry.name) ? entry.name.size() : SIZE_MAX;
}

/// What most servers take, for a model nobody described.
model_entry guess(provider_id provider, std::string_view model) {
  model_entry out;
  out.name = model;
  out.provider = provider;
  out.token_field = "max_tokens";
  out.window_is_guess = true;
  return out;
}

} // namespace

model_entry model_table::find(provider_id provider,
                              std::string_view model) const {
  const model_entry* best = nullptr;
  for (const auto& entry : entries)
    if (entry.provider == provider && matches(entry, model) &&
        (!best || rank(entry) >= rank(*best)))
      best = &entry;
  if (!best)
    return guess(provider, model);
  auto out = *best;
  out.name = model;
  return out;
}

std::string model_table::default_model(provider_id provider) const {
  std::string out;
  for (const auto& entry : entries)
    if (entry.provider == provider && entry.is_default)
      out = entry.name;
  return out;
}

std::optional<double> cost_of(const model_entry& model, const usage& tokens) {
  if (tokens.cost_usd)
    return tokens.cost_usd;
  if (!model.cost)
    return std::nullopt;
  const auto cached = std::min(tokens.cached_tokens, tokens.input_tokens);
  const auto written =
    std::min(tokens.cache_write_tokens, tokens.input_tokens - cached);
  const auto fresh = tokens.input_tokens - cached - written;
  const auto times = [](std::uint64_t n, double per_million) {
    return static_cast<double>(n) * per_million / tokens_per_price;
  };
  return times(fresh, model.cost->input) + times(cached, model.cost->cached) +
         times(written, model.cost->cache_write) +
         times(tokens.output_tokens, model.cost->output);
}

std::uint64_t estimate_tokens(std::uint64_t bytes) noexcept {
  return (bytes + 2) / 3;
}

std::uint64_t estimate_tokens(std::string_view text) noexcept {
  return estimate_tokens(std::uint64_t{text.size()});
}

} // namespace pj::llm
