#include "core/escape.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

TEST_CASE("escaped text is one harmless line") {
  CHECK(pj::escaped("plain ä 漢 🙂") == "plain ä 漢 🙂");
  CHECK(pj::escaped("a\nb\r\tc") == "a\\nb\\r\\tc");
  CHECK(pj::escaped("\x1b[31m\x07") == "\\x1b[31m\\x07");
  CHECK(pj::escaped(std::string("a\0b", 3)) == "a\\x00b");
  CHECK(pj::escaped("\x7f") == "\\x7f");
  CHECK(pj::escaped("\xc2\x9b"
                    "31m") == "\\x9b31m");
  CHECK(pj::escaped("\xff\xc3") == "\\xff\\xc3");
  CHECK(pj::escaped("\xe2\x80\xae") == "\\u202e");
  CHECK(pj::escaped("\xe2\x80\xa8") == "\\u2028");
  CHECK(pj::escaped("\xe2\x80\x99") == "\xe2\x80\x99");
}

TEST_CASE("streamed text comes out the same however it is cut") {
  const std::string text =
    "ab\tä漢🙂\n\x1b[2J\xc2\x9b\xff\xe2\x80\xaez\xf0\x9f";
  const std::string shown =
    "ab\tä漢🙂\n\\x1b[2J\\x9b\\xff\\u202ez\\xf0\\x9f";
  const auto size = GENERATE(1u, 2u, 3u, 5u, 100u);
  pj::terminal_filter filter;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += size)
    out += filter(std::string_view(text).substr(i, size));
  out += filter.finish();
  CHECK(out == shown);
  CHECK(filter.finish().empty());
}

TEST_CASE("nothing is held back but the start of a sequence") {
  pj::terminal_filter filter;
  CHECK(filter("a\xc3") == "a");
  CHECK(filter("\xa4z") == "äz");
  CHECK(filter("\xf0\x9f\x99") == "");
  CHECK(filter("x") == "\\xf0\\x9f\\x99x");
}
