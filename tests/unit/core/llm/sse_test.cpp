#include "core/llm/sse.hpp"

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace pj::llm;

namespace {

using events = std::vector<std::pair<std::string, std::string>>;

/// Feeds the pieces from memory of exactly their size, so that a sanitizer
/// sees every byte read too far.
struct collector {
  explicit collector(sse_limits limits = {}) : reader(limits) {}

  void feed(std::string_view piece) {
    const auto copy = std::make_unique<char[]>(piece.size());
    piece.copy(copy.get(), piece.size());
    reader.feed({copy.get(), piece.size()});
    sse_event e;
    while ((last = reader.next(e)) == sse_reader::status::event)
      take(e);
  }

  events end() {
    sse_event e;
    last = reader.finish(e);
    if (last == sse_reader::status::event)
      take(e);
    return std::move(got);
  }

  void take(const sse_event& e) {
    std::string ahead(e.data.data(), e.data.size() + e.readable_after);
    got.emplace_back(std::string(e.type), ahead.substr(0, e.data.size()));
  }

  sse_reader reader;
  events got;
  sse_reader::status last = sse_reader::status::need_more;
};

events read_in_pieces(std::string_view all, std::size_t first,
                      std::size_t second) {
  collector c;
  c.feed(all.substr(0, first));
  c.feed(all.substr(first, second - first));
  c.feed(all.substr(second));
  return c.end();
}

void check(std::string_view all, const events& expected) {
  for (std::size_t i = 0; i <= all.size(); ++i)
    for (std::size_t j = i; j <= all.size(); ++j)
      if (read_in_pieces(all, i, j) != expected) {
        CAPTURE(all, i, j);
        CHECK(read_in_pieces(all, i, j) == expected);
        return;
      }
  collector bytewise;
  for (char c : all)
    bytewise.feed({&c, 1});
  CHECK(bytewise.end() == expected);
}

} // namespace

TEST_CASE("sse: events come whole however they are cut") {
  check("data: a\n\ndata: b\n\n", {{"", "a"}, {"", "b"}});
  check("data: a\r\n\r\ndata: b\r\n\r\n", {{"", "a"}, {"", "b"}});
  check("data: a\r\rdata: b\r\r", {{"", "a"}, {"", "b"}});
  check("data: a\r\n\ndata: b\n\r\n", {{"", "a"}, {"", "b"}});
  check("\xef\xbb\xbf"
        "data: x\n\n",
        {{"", "x"}});
  check("data: \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\r\n\r\n",
        {{"", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"}});
}

TEST_CASE("sse: fields") {
  check("event: ping\ndata: {}\n\nevent: x\n\ndata:y\n\n",
        {{"ping", "{}"}, {"", "y"}});
  check("data:one\ndata:  two\ndata\ndata:\n\n", {{"", "one\n two\n\n"}});
  check("data:\n\n", {{"", ""}});
  check(": OPENROUTER PROCESSING\n\n:\nid: 7\nretry: 10\nnonsense\n"
        "datax: no\ndata: yes\n\n",
        {{"", "yes"}});
  check("\n\n\n", {});
  check("", {});
}

TEST_CASE("sse: the last event needs no blank line and no line end") {
  check("data: a\n\ndata: b", {{"", "a"}, {"", "b"}});
  check("data: a\n\nevent: t\ndata: b\r\n", {{"", "a"}, {"t", "b"}});
  check("event: only a name", {});
}

TEST_CASE("sse: a whole event is handed out where it lies") {
  const std::string bytes = "data: whole\n\ndata: half";
  sse_reader reader;
  reader.feed(bytes);
  sse_event e;
  REQUIRE(reader.next(e) == sse_reader::status::event);
  CHECK(e.data.data() == bytes.data() + 6);
  CHECK(e.readable_after == bytes.size() - 11);
  CHECK(reader.next(e) == sse_reader::status::need_more);
  reader.feed(" more\n\n");
  REQUIRE(reader.next(e) == sse_reader::status::event);
  CHECK(e.data == "half more");
}

TEST_CASE("sse: limits hold for lines and events") {
  const sse_limits small{16, 24};
  using status = sse_reader::status;
  collector fits(small);
  fits.feed("data: 0123456789\n\n");
  CHECK(fits.last == status::need_more);
  collector line(small);
  line.feed("data: 0123456789x\n\n");
  CHECK(line.last == status::too_long);
  collector unended(small);
  unended.feed(": 0123456789");
  CHECK(unended.last == status::need_more);
  unended.feed("01234");
  CHECK(unended.last == status::too_long);
  collector event(small);
  event.feed("data:0123456789\ndata:0123456789\n");
  CHECK(event.last == status::need_more);
  event.feed("data:012\n");
  CHECK(event.last == status::too_long);
}
