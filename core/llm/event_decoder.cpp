#include "core/llm/event_decoder.hpp"

#include "core/text.hpp"

namespace pj::llm {

namespace {

constexpr std::size_t longest_name = 200;
constexpr std::size_t longest_refusal = 4000;

/// Events are longer than this once in an answer, if ever.
constexpr std::size_t usual_event = 64u << 10;

/// Takes 14 KB, and nobody needs it between two events: one for all streams
/// that a thread reads. What it gives is valid until it is asked for again.
simdjson::dom::parser& parser_for(std::size_t bytes) {
  thread_local simdjson::dom::parser parser;
  if (bytes <= usual_event && parser.capacity() > usual_event)
    parser = simdjson::dom::parser{};
  return parser;
}

} // namespace

result<done> event_decoder::feed(std::string_view bytes, std::string& out) {
  const auto before = out.size();
  reader_.feed(bytes);
  auto ok = read_events(out);
  answer_.text.append(out, before);
  return ok;
}

result<done> event_decoder::read_events(std::string& out) {
  sse_event event;
  for (;;) {
    repeat(out);
    switch (reader_.next(event)) {
    case sse_reader::status::need_more:
      return done{};
    case sse_reader::status::too_long:
      return broken("an event of its stream is too long");
    case sse_reader::status::event:
      if (auto ok = take(event, out); !ok)
        return ok;
    }
  }
}

result<done> event_decoder::take(const sse_event& event, std::string& out) {
  if (finished_ || event.data.empty())
    return done{};
  if (is_end_marker(event.data)) {
    finished_ = true;
    return done{};
  }
  auto parsed = parse(event);
  if (!parsed)
    return std::move(parsed).error();
  pieces_ = 0;
  auto ok = read(*parsed, event.data, out);
  learn(event);
  return ok;
}

/// Takes the events that repeat the last one but for their text.
void event_decoder::repeat(std::string& out) {
  while (!finished_) {
    const auto same = repeated_.read(reader_.upcoming());
    if (!same)
      return;
    hear(same->text, out);
    reader_.skip(same->length);
    repeated_.helped();
  }
}

/// Nothing but one piece of text may come of an event that repeats.
void event_decoder::learn(const sse_event& event) {
  if (pieces_ == 1 && !text_key().empty() && !event.block.empty())
    repeated_.learn(event.block, text_key(), spoken_, noise_keys());
}

void event_decoder::speak(std::string_view text, std::string& out) {
  ++pieces_;
  spoken_ = text;
  has_text_ = has_text_ || !text.empty();
  hear(text, out);
}

result<simdjson::dom::object> event_decoder::parse(const sse_event& event) {
  auto data = event.data;
  if (event.readable_after < simdjson::SIMDJSON_PADDING) {
    padded_.reserve(data.size() + simdjson::SIMDJSON_PADDING);
    padded_.assign(data);
    data = padded_;
  }
  simdjson::dom::object out;
  const auto why =
    parser_for(data.size()).parse(data.data(), data.size(), false).get(out);
  if (why != simdjson::SUCCESS)
    return broken(why == simdjson::UTF8_ERROR
                    ? "its stream is not UTF-8"
                    : "its stream has an event that is not a JSON object");
  return out;
}

result<completion> event_decoder::finish() {
  sse_event event;
  std::string rest;

  // An event that the end of the stream cut in two is not worth a failure: the
  // missing end marker tells.
  if (reader_.finish(event) == sse_reader::status::event &&
      (is_end_marker(event.data) || parse(event)))
    if (auto ok = take(event, rest); !ok)
      return std::move(ok).error();
  flush(rest);
  answer_.text.append(rest);
  const bool empty = answer_.text.empty() && answer_.refusal.empty();
  if (empty && !stopped_)
    return failure{failure_class::retry,
                   failure_code::model,
                   std::string(to_string(where_.provider)) +
                     " ended its stream without an answer",
                   {}};
  if (!finished_ && !stopped_) {
    answer_.end = llm::finish::truncated;
    answer_.tokens.output_tokens = 0; // what was told came before the text
  }
  return std::move(answer_);
}

void event_decoder::decline(std::string_view words) {
  pieces_ += 2;
  const auto room = longest_refusal - answer_.refusal.size();
  answer_.refusal.append(clipped(words, room));
  answer_.end = llm::finish::refused;
}

void event_decoder::name(std::string_view id, std::string_view model) {
  if (answer_.request_id.empty())
    answer_.request_id = printable(id, longest_name);
  if (answer_.model.empty())
    answer_.model = printable(model, longest_name);
}

/// A refusal in words outranks the reason that follows it.
void event_decoder::stop(llm::finish end, std::string_view raw) {
  stopped_ = true;
  answer_.raw_finish = printable(raw, longest_name);
  if (answer_.refusal.empty())
    answer_.end = end;
}

failure event_decoder::in_stream_error(std::string_view raw) const {
  return classify_stream_error(where_, read_error(raw).value_or(error_facts{}));
}

failure event_decoder::broken(std::string_view what) const {
  return {failure_class::retry,
          failure_code::model,
          std::string(to_string(where_.provider)) +
            " cannot be understood: " + std::string(what),
          {}};
}

result<std::unique_ptr<decoder>> make_decoder(const endpoint& where,
                                              std::string_view content_type) {
  const auto type = trimmed(content_type.substr(0, content_type.find(';')));
  if (!equal_ignoring_case(type, "text/event-stream"))
    return failure{failure_class::fail,
                   failure_code::model,
                   std::string(to_string(where.provider)) + " answered with " +
                     (type.empty() ? "no content type" : printable(type, 100)) +
                     " instead of an event stream; check that " +
                     std::string(base_url_variable(where.provider)) +
                     " is the base of a streaming API",
                   {}};
  switch (where.speaks) {
  case wire::responses:
    return make_responses_decoder(where);
  case wire::messages:
    return make_messages_decoder(where);
  case wire::chat_completions:
    break;
  }
  return make_chat_decoder(where);
}

} // namespace pj::llm
