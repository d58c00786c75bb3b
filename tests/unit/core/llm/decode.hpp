#pragma once
// Reads sample streams whole and cut at every byte.
#include "core/llm/wire.hpp"

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pj::llm::test {

struct outcome {
  std::string streamed;
  std::optional<completion> answer;
  std::optional<failure> why;
};

inline outcome decode(const endpoint& where,
                      const std::vector<std::string_view>& in) {
  outcome out;
  auto made = make_decoder(where, "text/event-stream; charset=utf-8");
  for (const auto piece : in) {
    const auto copy = std::make_unique<char[]>(piece.size());
    piece.copy(copy.get(), piece.size());
    if (auto ok = (*made)->feed({copy.get(), piece.size()}, out.streamed);
        !ok) {
      out.why = ok.error();
      return out;
    }
  }
  auto end = (*made)->finish();
  if (end)
    out.answer = *std::move(end);
  else
    out.why = end.error();
  return out;
}

inline endpoint openai() {
  return {provider_id::openai, wire::chat_completions, "http://h/v1",
          "sk-secret-key"};
}
inline endpoint openrouter() {
  return {provider_id::openrouter, wire::chat_completions, "http://h", "k"};
}
inline endpoint messages() {
  return {provider_id::anthropic, wire::messages, "http://h", "k"};
}
inline endpoint responses() {
  return {provider_id::openai, wire::responses, "http://h/v1", "k"};
}

/// Decodes whole, and cut in two at every byte: always the same.
inline outcome read(const endpoint& where, std::string_view stream) {
  const auto whole = decode(where, {stream});
  for (std::size_t i = 1; i < stream.size(); ++i) {
    const auto cut = decode(where, {stream.substr(0, i), stream.substr(i)});
    CAPTURE(i, stream);
    REQUIRE(cut.answer.has_value() == whole.answer.has_value());
    REQUIRE(cut.why.has_value() == whole.why.has_value());
    if (whole.why)
      REQUIRE(cut.why->what == whole.why->what);
    if (!whole.answer)
      continue;
    REQUIRE(cut.answer->text == whole.answer->text);
    REQUIRE(cut.answer->end == whole.answer->end);
    REQUIRE(cut.answer->tokens.input_tokens ==
            whole.answer->tokens.input_tokens);
  }
  return whole;
}

} // namespace pj::llm::test
