#include "adapters/http/response_reader.hpp"

#include "adapters/http/network_failure.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <cstring>

namespace pj {

namespace {

namespace http = boost::beast::http;
using boost::beast::string_view;
using error_code = boost::system::error_code;

constexpr int max_interim = 32;
constexpr std::size_t shortest_chunk_header = 5; ///< "0", CRLF, CRLF

failure explain(const error_code& ec) {
  if (ec == http::error::body_limit)
    return refused("the response is larger than allowed");
  if (ec == http::error::header_limit)
    return refused("the head of the response is larger than allowed");
  if (ec == http::error::partial_message)
    return broken("the connection ended inside the response");
  return broken("the response is not valid HTTP (" + ec.message() + ")");
}

} // namespace

/// Collects the head and moves the pieces of the body together.
class response_reader::parser final : public http::basic_parser<false> {
public:
  explicit parser(const settings& limits) {
    eager(true);
    skip(limits.no_body);
    header_limit(limits.max_head);
    body_limit(limits.max_body);
  }

  std::size_t parse(std::span<char> bytes, error_code& ec) {
    base_ = bytes.data();
    begin_ = end_ = 0;
    return put({bytes.data(), bytes.size()}, ec);
  }

  /// Beast asserts on the last chunk's header when it comes in pieces this
  /// small; no chunk's header and what must follow it is shorter.
  bool must_wait(std::size_t size) const {
    return is_header_done() && !is_done() && chunked() && chunk_left_ == 0 &&
           size < shortest_chunk_header;
  }

  std::string_view body() const { return {base_ + begin_, end_ - begin_}; }

  int status = 0;
  http_headers headers;

private:
  std::size_t gather(string_view piece) {
    const auto at = static_cast<std::size_t>(piece.data() - base_);
    if (begin_ == end_)
      begin_ = end_ = at;
    if (at != end_)
      std::memmove(base_ + end_, base_ + at, piece.size());
    end_ += piece.size();
    return piece.size();
  }

  void on_request_impl(http::verb, string_view, string_view, int,
                       error_code&) override {}

  void on_response_impl(int code, string_view, int, error_code& ec) override {
    status = code;
    if (code < 100 || code > 599 || code == 101)
      ec = http::error::bad_status;
  }

  void on_field_impl(http::field, string_view name, string_view value,
                     error_code&) override {
    if (!is_header_done())
      headers.push_back({std::string(name), std::string(value)});
  }

  void on_header_impl(error_code&) override {}

  void on_body_init_impl(const boost::optional<std::uint64_t>&,
                         error_code&) override {}

  std::size_t on_body_impl(string_view body, error_code&) override {
    return gather(body);
  }

  void on_chunk_header_impl(std::uint64_t size, string_view,
                            error_code&) override {
    chunk_left_ = size;
  }

  std::size_t on_chunk_body_impl(std::uint64_t, string_view body,
                                 error_code&) override {
    chunk_left_ -= body.size();
    return gather(body);
  }

  void on_finish_impl(error_code&) override {}

  char* base_ = nullptr;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t chunk_left_ = 0;
};

response_reader::response_reader(settings limits)
  : parser_(std::make_unique<parser>(limits)), limits_(limits) {}

response_reader::~response_reader() = default;

result<response_reader::step> response_reader::feed(std::span<char> bytes) {
  std::size_t taken = 0;
  for (;;) {
    error_code ec;
    const auto rest = bytes.subspan(taken);
    if (rest.empty() || parser_->must_wait(rest.size()))
      return step{{}, taken};
    taken += parser_->parse(rest, ec);
    if (ec && ec != http::error::need_more)
      return explain(ec);
    if (!parser_->is_done() || parser_->status >= 200)
      break;
    if (++interim_ > max_interim)
      return refused("the server sends interim responses without end");
    parser_ = std::make_unique<parser>(limits_);
  }
  if (bytes.size() - taken >= limits_.max_head && !is_done())
    return explain(http::error::header_limit);
  return step{parser_->body(), taken};
}

result<done> response_reader::feed_end() {
  if (!parser_->got_some())
    return broken("the connection was closed before a response came");
  error_code ec;
  parser_->put_eof(ec);
  if (ec)
    return explain(ec);
  return done{};
}

bool response_reader::has_head() const noexcept {
  return parser_->is_header_done() && parser_->status >= 200;
}

bool response_reader::is_done() const noexcept {
  return has_head() && parser_->is_done();
}

bool response_reader::keeps_alive() const {
  return parser_->keep_alive();
}

int response_reader::status() const noexcept {
  return parser_->status;
}

http_headers response_reader::take_headers() {
  return std::move(parser_->headers);
}

} // namespace pj
