#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pj::llm {

/// One server-sent event. The views hold until the next call to the reader and
/// only while the fed bytes live.
struct sse_event {
  std::string_view type; ///< the `event` field; empty: none given
  std::string_view data; ///< the `data` lines joined by \n

  /// Bytes behind `data` that may be read (not written) by a parser that
  /// looks ahead; their content is meaningless.
  std::size_t readable_after = 0;

  /// The whole event in the fed bytes, from the end of the one before to its
  /// blank line; empty when it came in pieces.
  std::string_view block;
};

/// Bytes, so that no stream can take all memory. An OpenAI Responses stream
/// repeats the whole answer in one event, escaped: keep room for it.
struct sse_limits {
  std::size_t line = 16u << 20;
  std::size_t event = 16u << 20;
};

/// Splits a `text/event-stream` body into events: line ends LF, CRLF or CR,
/// a byte order mark, comments and unknown fields, cut at any byte. An event
/// that lies whole in the fed bytes and has one data line is never copied.
///
///   reader.feed(bytes);
///   while (reader.next(event) == sse_reader::status::event) …
class sse_reader {
public:
  enum class status : std::uint8_t {
    event,     ///< `out` holds one
    need_more, ///< all fed bytes are used
    too_long,  ///< a limit was passed; stop reading this stream
  };

  explicit sse_reader(sse_limits limits = {}) : limits_(limits) {}

  /// Gives the next bytes. Only after `next` said `need_more`.
  void feed(std::string_view bytes);

  status next(sse_event& out);

  /// The bytes that `next` would read, when they begin a new event; else empty.
  std::string_view upcoming() const noexcept {
    return block_ == at_ ? buffer_.substr(at_) : std::string_view{};
  }

  /// How many lines were read; what `skip` passed over counts as one.
  std::uint64_t lines() const noexcept { return lines_; }

  /// Passes over whole events at the start of `upcoming`.
  void skip(std::size_t length);

  /// The body is over: an event without its blank line still counts, as in
  /// the official SDKs. Call once; at most one event comes.
  status finish(sse_event& out);

private:
  bool take_line(std::string_view& line);
  bool take_data(std::string_view value, bool in_buffer);
  status take_field(std::string_view line, bool in_buffer);
  status dispatch(sse_event& out);
  void begin_block();
  status keep_rest();
  void forget_delivered();
  std::size_t find(char c, std::size_t& known) const;

  sse_limits limits_;
  std::string_view buffer_; ///< the fed bytes
  std::size_t at_ = 0;
  std::size_t block_ = 0; ///< where this event began; npos: in an earlier feed
  std::uint64_t lines_ = 0;
  std::size_t next_lf_ = 0; ///< where the next one is, when not behind `at_`
  std::size_t next_cr_ = 0;
  std::string carried_; ///< the start of a line from earlier feeds
  std::string type_;
  std::string held_;      ///< data that had to be copied
  std::string_view data_; ///< in `buffer_` or `held_`
  bool has_data_ = false;
  bool borrowed_ = false;  ///< `data_` is in `buffer_`
  bool delivered_ = false; ///< the event was handed out: start a new one
  bool first_line_ = true;
  bool after_cr_ = false; ///< a LF that comes now belongs to the last line end
};

} // namespace pj::llm
