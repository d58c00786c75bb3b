#pragma once
#include "core/llm/error_body.hpp"
#include "core/llm/repeated_event.hpp"
#include "core/llm/sse.hpp"
#include "core/llm/wire.hpp"

#include <simdjson.h>

#include <string>
#include <string_view>

namespace pj::llm {

/// What the three wires share: events in, text and one completion out. The
/// server's strings are capped; its reasoning is never part of the text.
class event_decoder : public decoder {
public:
  explicit event_decoder(endpoint where) : where_(std::move(where)) {}

  result<done> feed(std::string_view bytes, std::string& out) override;
  bool finished() const noexcept override { return finished_; }
  std::uint64_t lines() const noexcept override { return reader_.lines(); }
  result<completion> finish() override;

protected:
  /// Reads one event. `raw` is its text.
  virtual result<done> read(simdjson::dom::object event, std::string_view raw,
                            std::string& out) = 0;

  /// Whether this event's data is the end marker, which is no JSON.
  virtual bool is_end_marker(std::string_view) const noexcept { return false; }

  /// The last chance for text that was held back.
  virtual void flush(std::string&) {}

  /// The member that holds the answer's text in an event, with its quotes, in
  /// wires where most events differ in nothing else; else empty.
  virtual std::string_view text_key() const noexcept { return {}; }

  /// Members of the same events, with their quotes, that say nothing.
  virtual repeated_event::keys noise_keys() const noexcept { return {}; }

  /// Takes text as the server sent it and appends what counts to `out`.
  virtual void hear(std::string_view text, std::string& out) {
    out.append(text);
  }

  /// One piece of text of an event: for `hear`, now and in repetitions.
  void speak(std::string_view text, std::string& out);

  void decline(std::string_view words);

  /// Takes the identity of the answer where it is not known yet.
  void name(std::string_view id, std::string_view model);

  void stop(llm::finish end, std::string_view raw);
  failure in_stream_error(std::string_view raw) const;

  endpoint where_;
  completion answer_;
  bool has_text_ = false; ///< some was spoken
  bool finished_ = false; ///< the end marker was read
  bool stopped_ = false;  ///< it is known why the answer ended

private:
  result<done> read_events(std::string& out);
  result<done> take(const sse_event& event, std::string& out);
  result<simdjson::dom::object> parse(const sse_event& event);
  failure broken(std::string_view what) const;

  void repeat(std::string& out);
  void learn(const sse_event& event);

  sse_reader reader_;
  repeated_event repeated_;
  std::string_view spoken_; ///< the last piece of the event just read
  int pieces_ = 0;          ///< in the event just read; a refusal counts double
  std::string padded_;
};

/// One per wire.
std::unique_ptr<decoder> make_chat_decoder(endpoint where);
std::unique_ptr<decoder> make_responses_decoder(endpoint where);
std::unique_ptr<decoder> make_messages_decoder(endpoint where);

} // namespace pj::llm
