#pragma once
#include "core/http.hpp"
#include "core/llm/chat.hpp"
#include "core/result.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace pj::llm {

struct model_entry; // core/llm/models.hpp

/// Which of the providers' languages is spoken.
enum class wire : std::uint8_t {
  chat_completions, ///< OpenAI, OpenRouter, Azure and every compatible server
  responses,        ///< OpenAI Responses
  messages,         ///< Anthropic Messages
};

/// Where to ask. The key is a secret: it goes into one header, nowhere else.
struct endpoint {
  provider_id provider = provider_id::openai;
  wire speaks = wire::chat_completions;
  std::string base_url; ///< without trailing '/'
  std::string key;
};

/// The streaming request for this chat: URL, headers and body.
http_request build_request(const endpoint& where, const chat& what,
                           const model_entry& model);

/// Asks for nothing that costs: whether the key is good, and as a rule which
/// models there are.
http_request key_request(const endpoint& where);

/// Reads one answer's stream, split anywhere. Not thread-safe.
class decoder {
public:
  virtual ~decoder() = default;

  /// Takes the next bytes of the body and appends answer text to `out`. After
  /// a failure the answer is lost: stop reading.
  virtual result<done> feed(std::string_view bytes, std::string& out) = 0;

  /// Whether the end marker was read; what follows may be left unread.
  virtual bool finished() const noexcept = 0;

  /// How many lines of the stream have come whole; an event that only repeats
  /// the one before may count as one.
  virtual std::uint64_t lines() const noexcept = 0;

  /// The body is over. An answer without its end marker comes back as
  /// `finish::truncated`; one without any content is a failure.
  virtual result<completion> finish() = 0;
};

/// A decoder for a 200 response. Fails when `content_type` is not an event
/// stream: a plain JSON body would otherwise read as an empty answer.
result<std::unique_ptr<decoder>> make_decoder(const endpoint& where,
                                              std::string_view content_type);

/// Turns a response that is not 200 into a failure: class, one line, and how
/// long the server asked to wait. Honours `x-should-retry`, `retry-after-ms`
/// and `retry-after`; billing and quota errors are final.
failure classify_error(const endpoint& where, int status,
                       const http_headers& headers, std::string_view body);

} // namespace pj::llm
