#include "tests/unit/core/patch/memory_tree.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace pj::test;

namespace {

const std::string abc = "alpha\nbeta\ngamma\n";
const std::string wanted = "alpha\nB\ngamma\n";

std::string block(const std::string& before, const std::string& after_it) {
  return "<<<<<<< SEARCH\n" + before + "=======\n" + after_it +
         ">>>>>>> REPLACE\n";
}

} // namespace

TEST_CASE("markers of many shapes", "[patch][sr]") {
  for (const std::string text :
       {"a.txt\n<<<<<<< SEARCH\nbeta\n=======\nB\n>>>>>>> REPLACE\n",
        "a.txt\n<<<<< SEARCH\nbeta\n=====\nB\n>>>>> REPLACE\n",
        "a.txt\n<<<<<<<<< SEARCH\nbeta\n=========\nB\n>>>>>>>>> REPLACE\n",
        "a.txt\n<<<<<<< SEARCH>\nbeta\n=======\nB\n>>>>>>> REPLACE\n",
        "a.txt\n------- SEARCH\nbeta\n=======\nB\n+++++++ REPLACE\n",
        "a.txt\r\n<<<<<<< SEARCH\r\nbeta\r\n=======\r\nB\r\n"
        ">>>>>>> REPLACE\r\n"})
    CHECK(after(abc, text) == wanted);
}

TEST_CASE("the file name above, in the fence, or decorated", "[patch][sr]") {
  const auto b = block("beta\n", "B\n");
  for (const std::string& text :
       {"```\na.txt\n" + b + "```\n", "a.txt\n```python\n" + b + "```\n",
        "**a.txt**\n```\n" + b + "```\n", "### `a.txt`:\n\n```\n" + b + "```\n",
        "```python a.txt\n" + b + "```\n", "```python:a.txt\n" + b + "```\n",
        "File: a.txt\n" + b, "1. a.txt\n<source>\n" + b + "</source>\n"})
    CHECK(after(abc, text) == wanted);
}

TEST_CASE("a block without a name takes the one of the block before",
          "[patch][sr]") {
  CHECK(after(abc, "a.txt\n" + block("alpha\n", "A\n") + "\nand then\n\n" +
                     block("beta\n", "B\n")) == "A\nB\ngamma\n");
}

TEST_CASE("a block that names no file is refused", "[patch][sr]") {
  CHECK(after(abc, block("beta\n", "B\n")).starts_with("REFUSED"));
}

TEST_CASE("an empty search makes a new file, never touches one with lines",
          "[patch][sr]") {
  const auto out = run({}, "new.txt\n" + block("", "one\ntwo\n"));
  REQUIRE(out.applied);
  CHECK(out.files.at("new.txt") == "one\ntwo\n");
  CHECK(after(abc, "a.txt\n" + block("", "one\n")).starts_with("REFUSED"));
  CHECK(after("", "a.txt\n" + block("", "one\n")) == "one\n");
}

TEST_CASE("a block may empty a file", "[patch][sr]") {
  const auto out =
    run({{"a.txt", abc}}, "a.txt\n" + block("alpha\nbeta\ngamma\n", ""));
  REQUIRE(out.applied);
  CHECK(out.files.at("a.txt").empty());
}

TEST_CASE("a row of = inside the text: the only reading that is found",
          "[patch][sr]") {
  const std::string file = "Title\n=======\ntext here\n";
  CHECK(after(file, "a.txt\n<<<<<<< SEARCH\nTitle\n=======\ntext here\n"
                    "=======\nTitle\n=======\nother text\n"
                    ">>>>>>> REPLACE\n")
          .starts_with("REFUSED"));
  CHECK(after(file, "a.txt\n<<<<<<< SEARCH\ntext here\n=======\nHead\n"
                    "=======\nother text\n>>>>>>> REPLACE\n") ==
        "Title\n=======\nHead\n=======\nother text\n");
}

TEST_CASE("number prefixes go when every line has one", "[patch][sr]") {
  CHECK(after(abc, "a.txt\n" + block(" 2| beta\n 3| gamma\n", "B\ngamma\n")) ==
        wanted);
  CHECK(after(abc, "a.txt\n" + block(" 2| beta\n 3| gamma\n",
                                     " 2| B\n 3| gamma\n")) == wanted);
  CHECK(after("1| alpha\nbeta\n",
              "a.txt\n" + block("1| alpha\nbeta\n", "x\n")) == "x\n");
}

TEST_CASE("a block that is not closed is a truncated answer", "[patch][sr]") {
  const auto out =
    run({{"a.txt", abc}}, "a.txt\n<<<<<<< SEARCH\nbeta\n=======\nB\n");
  REQUIRE_FALSE(out.applied);
  CHECK(out.no.reason.find("truncated") != std::string::npos);
}

TEST_CASE("later blocks see what earlier ones did", "[patch][sr]") {
  CHECK(after(abc, "a.txt\n" + block("beta\n", "one more line\n") + "\n" +
                     block("one more line\n", "B\n")) == wanted);
}
