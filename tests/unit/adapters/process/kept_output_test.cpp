#include "adapters/process/kept_output.hpp"

#include <catch2/catch_test_macros.hpp>

using pj::kept_output;

TEST_CASE("output below the limit is kept as it came") {
  kept_output out(10);
  out.add("01234");
  out.add("56789");
  CHECK(out.text() == "0123456789");
  CHECK_FALSE(out.cut());
}

TEST_CASE("longer output keeps both ends and counts the rest exactly") {
  for (const std::size_t step : {1u, 3u, 7u, 100u}) {
    CAPTURE(step);
    std::string all;
    for (int i = 0; i < 100; ++i)
      all += static_cast<char>('a' + i % 26);
    kept_output out(10);
    for (std::size_t i = 0; i < all.size(); i += step)
      out.add(std::string_view(all).substr(i, step));
    CHECK(out.cut());
    CHECK(out.text() ==
          all.substr(0, 5) + "\n[… 90 bytes left out …]\n" + all.substr(95));
  }
}

TEST_CASE("no code point is cut in two") {
  kept_output out(8);
  for (int i = 0; i < 10; ++i)
    out.add("€");
  CHECK(out.text().starts_with("€\n[…"));
  CHECK(out.text().ends_with("…]\n€"));
}

TEST_CASE("a limit of nothing keeps nothing") {
  kept_output out(0);
  out.add("abc");
  CHECK(out.cut());
  CHECK(out.text() == "\n[… 3 bytes left out …]\n");
}
