#include "core/llm/repeated_event.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>

using pj::llm::repeated_event;

namespace {

constexpr std::string_view block =
  "data: {\"a\":1,\"content\":\"hi\",\"b\":2}\n\n";

repeated_event learned() {
  repeated_event out;
  out.learn(block, "\"content\"", "hi");
  return out;
}

} // namespace

TEST_CASE("repetition: only the text may differ") {
  auto known = learned();
  const std::string two =
    "data: {\"a\":1,\"content\":\"there \u20ac\",\"b\":2}\n\n"
    "data: {\"a\":1";
  const auto got = known.read(two);
  REQUIRE(got);
  CHECK(got->text == "there \u20ac");
  CHECK(got->length == two.size() - 12);
  CHECK(known.read("data: {\"a\":1,\"content\":\"\",\"b\":2}\n\n")->text == "");
  for (const auto* other :
       {"", "data: {\"a\":2,\"content\":\"hi\",\"b\":2}\n\n",
        "data: {\"a\":1,\"content\":\"hi\",\"b\":3}\n\n",
        "data: {\"a\":1,\"content\":\"hi\",\"b\":2}\n",
        "data: {\"a\":1,\"content\":\"hi",
        "data: {\"a\":1,\"content\":\"a\\\"b\",\"b\":2}\n\n",
        "data: {\"a\":1,\"content\":\"a\\\",\"b\":2}\n\n",
        "data: {\"a\":1,\"content\":\"a\nb\",\"b\":2}\n\n",
        "data: {\"a\":1,\"content\":\"\xff\",\"b\":2}\n\n",
        "data: {\"a\":1,\"content\":\"x\",\"content\":\"y\",\"b\":2}\n\n"})
    CHECK(!known.read(other));
}

TEST_CASE("repetition: counters and padding may differ too") {
  const auto event = [](const std::string& number, const std::string& text,
                        const std::string& padding) {
    return "event: x.delta\ndata: {\"n\":" + number + ",\"delta\": \"" + text +
           "\",\"pad\":\"" + padding + "\"}\n\n";
  };
  repeated_event known;
  constexpr std::array<std::string_view, 3> noise = {"\"n\"", "\"pad\"",
                                                     "\"absent\""};
  known.learn(event("9", "hi", "abc"), "\"delta\"", "hi", noise);
  const auto next = event("10", "you", "");
  REQUIRE(known.read(next));
  CHECK(known.read(next)->text == "you");
  CHECK(known.read(next)->length == next.size());
  for (const auto& other :
       {event("", "x", "y"), event("-1", "x", "y"), event("01", "x", "y"),
        event("1.5", "x", "y"), event("1", "x", "a\\nb"),
        event("1", "x", "\",\"delta\":\"z"), event("1", "\xff", ""),
        event("1234567890123456789", "x", "y")})
    CHECK(!known.read(other));
  for (std::size_t n = 0; n < next.size(); ++n)
    CHECK(!known.read(next.substr(0, n)));
}

TEST_CASE("repetition: what is not clear is not learned") {
  const auto learns = [](std::string_view bytes, std::string_view text) {
    repeated_event known;
    known.learn(bytes, "\"content\"", text);
    return known.read(bytes).has_value();
  };
  CHECK(learns("{\"content\": \"x\"}", "x"));
  CHECK(!learns("{\"content\":\"x\"}", "y"));
  CHECK(!learns("{\"content\":\"x\",\"content\":\"x\"}", "x"));
  CHECK(!learns("{\"content\":null}", ""));
  CHECK(!learns("{\"content\":\"a\\nb\"}", "a\nb"));
  CHECK(!learns("{\"text\":\"x\"}", "x"));
  CHECK(!learns("{\"content\"", ""));
  repeated_event known = learned();
  known.learn("{\"content\":7}", "\"content\"", "7");
  CHECK(!known.read(block));
}

TEST_CASE("repetition: a stream that never repeats is left alone, mostly") {
  repeated_event known;
  int tried = 0;
  for (int i = 0; i < 1000; ++i) {
    known.learn(block, "\"content\"", "hi");
    auto copy = known;
    tried += copy.read(block).has_value();
  }
  CHECK(tried >= 8);
  CHECK(tried < 40);
  while (!known.read(block))
    known.learn(block, "\"content\"", "hi");
  known.helped();
  known.learn(block, "\"content\"", "hi");
  CHECK(known.read(block));
}
