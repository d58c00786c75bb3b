#include "core/width.hpp"

#include <catch2/catch_test_macros.hpp>

TEST_CASE("columns are counted as a terminal does") {
  CHECK(pj::display_width("") == 0);
  CHECK(pj::display_width("abc") == 3);
  CHECK(pj::display_width("äé") == 2);
  CHECK(pj::display_width("e\xcc\x81") == 1);
  CHECK(pj::display_width("漢字") == 4);
  CHECK(pj::display_width("🙂") == 2);
  CHECK(pj::display_width("⠋") == 1);
  CHECK(pj::display_width("\xff") == 1);
}

TEST_CASE("a text is cut before it is too wide, between characters") {
  CHECK(pj::fitting("abc", 5) == "abc");
  CHECK(pj::fitting("abc", 2) == "ab");
  CHECK(pj::fitting("漢字", 3) == "漢");
  CHECK(pj::fitting("e\xcc\x81x", 1) == "e\xcc\x81");
  CHECK(pj::fitting("x", 0).empty());
}
