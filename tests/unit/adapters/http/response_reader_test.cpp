#include "adapters/http/input_buffer.hpp"
#include "adapters/http/response_reader.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <optional>
#include <random>

using namespace pj;

namespace {

struct seen {
  std::string body;
  int status = 0;
  bool done = false;
  bool kept_alive = false;
  std::size_t left = 0;
  std::optional<failure_class> why;

  bool operator==(const seen&) const = default;
};

/// What a reader makes of a response that comes in pieces up to this size.
seen read(std::string_view bytes, std::size_t piece) {
  response_reader reader({false, 1000, 300});
  input_buffer input;
  seen got;
  while (!bytes.empty() && !reader.is_done()) {
    const auto space = input.space();
    const auto n = std::min({piece, bytes.size(), space.size()});
    bytes.copy(space.data(), n);
    input.commit(n);
    bytes.remove_prefix(n);
    auto step = reader.feed(input.bytes());
    if (!step) {
      got.why = step.error().kind;
      return got;
    }
    got.body += step->body;
    input.consume(step->taken);
  }
  if (!reader.is_done())
    if (auto ended = reader.feed_end(); !ended)
      got.why = ended.error().kind;
  got.status = reader.has_head() ? reader.status() : 0;
  got.done = reader.is_done();
  got.kept_alive = got.done && reader.keeps_alive();
  got.left = input.bytes().size() + bytes.size();
  return got;
}

const std::string corpus[] = {
  "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc",
  "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
  "HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n",
  "HTTP/1.0 200 OK\r\n\r\nto the end",
  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 No\r\ncontent-length: 1\r\n\r\nx",
  "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
  "1\r\na\r\n0f;e=\"q\"\r\n0123456789abcde\r\n0\r\nt: v\r\n\r\n",
  "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
  "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\naa\r\n0\r\r",
  "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab",
  "HTTP/1.1 204 No\r\n\r\n",
  "HTTP/1.1 200 OK\r\nx: y\r\n folded\r\ncontent-length: 1\r\n\r\na",
};

} // namespace

TEST_CASE("a response reads the same however it is split", "[http]") {
  for (const auto& bytes : corpus) {
    CAPTURE(bytes);
    const auto whole = read(bytes, bytes.size());
    for (std::size_t piece = 1; piece < bytes.size(); ++piece) {
      CAPTURE(piece);
      CHECK(read(bytes, piece) == whole);
    }
  }
}

TEST_CASE("what follows a response is left alone", "[http]") {
  const auto got =
    read("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\naHTTP/1.1", 1000);
  CHECK(got.done);
  CHECK(got.body == "a");
  CHECK(got.left == 8);
}

TEST_CASE("a damaged response gives a verdict, never more body than allowed",
          "[http]") {
  std::mt19937 random(7);
  const auto below = [&](std::size_t n) { return random() % n; };
  for (int round = 0; round < 20'000; ++round) {
    auto bytes = corpus[below(std::size(corpus))];
    for (auto changes = below(4) + 1; changes > 0; --changes)
      bytes[below(bytes.size())] = static_cast<char>(below(256));
    if (below(3) == 0)
      bytes.insert(below(bytes.size()), std::string(below(2000), '7'));
    const auto got = read(bytes, below(bytes.size()) + 1);
    CHECK(got.body.size() <= 1000);
    if (got.done)
      CHECK((got.status >= 200 && got.status <= 599));
  }
}

TEST_CASE("an input buffer grows while it pours and shrinks after", "[http]") {
  input_buffer input;
  CHECK(input.space().size() == input_buffer::small);
  input.commit(input_buffer::small);
  CHECK(input.space().size() == input_buffer::small);
  CHECK(input.bytes().size() == input_buffer::small);
  input.consume(input_buffer::small);
  CHECK(input.space().size() == input_buffer::large);
  input.commit(3);
  input.bytes()[0] = 'a';
  input.bytes()[2] = 'c';
  input.consume(2);
  CHECK(input.space().size() == input_buffer::small - 1);
  CHECK(input.bytes()[0] == 'c');
  input.release();
  CHECK(input.bytes().empty());
}
