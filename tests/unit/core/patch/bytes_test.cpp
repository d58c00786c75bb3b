#include "tests/unit/core/patch/memory_tree.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace pj::test;

namespace {

std::string diff(const std::string& hunk) {
  return "--- a/a.txt\n+++ b/a.txt\n" + hunk;
}

const std::string beta = "@@ -1,3 +1,3 @@\n alpha\n-beta\n+B\n gamma\n";

} // namespace

TEST_CASE("an LF patch on a CRLF file and the other way round",
          "[patch][bytes]") {
  CHECK(after("alpha\r\nbeta\r\ngamma\r\n", diff(beta)) ==
        "alpha\r\nB\r\ngamma\r\n");
  CHECK(after("alpha\nbeta\ngamma\n",
              "--- a/a.txt\r\n+++ b/a.txt\r\n@@ -1,3 +1,3 @@\r\n alpha\r\n"
              "-beta\r\n+B\r\n gamma\r\n") == "alpha\nB\ngamma\n");
}

TEST_CASE("mixed endings stay line by line", "[patch][bytes]") {
  CHECK(after("alpha\r\nbeta\ngamma\r\n", diff(beta)) ==
        "alpha\r\nB\r\ngamma\r\n");
  CHECK(after("x\nx\nx\nx\nalpha\r\nbeta\r\ngamma\r\n", diff(beta)) ==
        "x\nx\nx\nx\nalpha\r\nB\r\ngamma\r\n");
  CHECK(after("alpha\rbeta\rgamma\r", diff(beta)) == "alpha\rB\rgamma\r");
}

TEST_CASE("a replaced line keeps its ending where two are as usual",
          "[patch][bytes]") {
  CHECK(after("alpha\nbeta\r\ngamma\ndelta\r\n", diff(beta)) ==
        "alpha\nB\r\ngamma\ndelta\r\n");
}

TEST_CASE("a missing newline at the end stays missing", "[patch][bytes]") {
  CHECK(after("alpha\nbeta\ngamma", diff(beta)) == "alpha\nB\ngamma");
  CHECK(after("alpha\nbeta", diff("@@ @@\n alpha\n-beta\n+B\n")) == "alpha\nB");
  CHECK(after("alpha\nbeta", diff("@@ @@\n alpha\n beta\n+more\n")) ==
        "alpha\nbeta\nmore");
}

TEST_CASE("what the diff says about the last newline is done",
          "[patch][bytes]") {
  const std::string none = "\\ No newline at end of file\n";
  CHECK(after("alpha\nbeta", diff("@@ @@\n alpha\n-beta\n" + none + "+B\n")) ==
        "alpha\nB\n");
  CHECK(after("alpha\nbeta\n", diff("@@ @@\n alpha\n-beta\n+B\n" + none)) ==
        "alpha\nB");
  CHECK(after("alpha\nbeta", diff("@@ @@\n alpha\n-beta\n" + none +
                                  "+beta\n")) == "alpha\nbeta\n");
}

TEST_CASE("BOM, trailing blanks, control bytes and odd encodings survive",
          "[patch][bytes]") {
  CHECK(after("\xef\xbb\xbf"
              "alpha\nbeta\ngamma\n",
              diff(beta)) == "\xef\xbb\xbf"
                             "alpha\nB\ngamma\n");
  CHECK(after("caf\xe9 \t\nalpha\nbeta\ngamma\n\x01\f\n", diff(beta)) ==
        "caf\xe9 \t\nalpha\nB\ngamma\n\x01\f\n");
  CHECK(after("alpha \nbeta\ngamma\t\n", diff(beta)) == "alpha \nB\ngamma\t\n");
}

TEST_CASE("a line that is taken out and put back keeps its bytes",
          "[patch][bytes]") {
  CHECK(after("alpha  \nbeta\n", diff("@@ @@\n-alpha\n-beta\n+alpha\n+B\n")) ==
        "alpha  \nB\n");
}

TEST_CASE("a whole file keeps the endings and the BOM of the old one",
          "[patch][bytes]") {
  CHECK(after("\xef\xbb\xbf"
              "a\r\nb\r\n",
              "FILE: a.txt\none\ntwo\n---\n") == "\xef\xbb\xbf"
                                                 "one\r\ntwo\r\n");
}

TEST_CASE("the executable bit stays", "[patch][bytes]") {
  memory_tree tree(file_map{{"a.sh", "alpha\nbeta\ngamma\n"}});
  tree.with_mode("a.sh", file_mode::executable);
  const auto verdict =
    patch::read_and_plan("--- a/a.sh\n+++ b/a.sh\n" + beta, tree);
  const auto& change = std::get<patch::plan>(verdict).change;
  REQUIRE(change.files.size() == 1);
  CHECK(change.files.front().mode == file_mode::executable);
  CHECK(change.risky == std::vector<std::string>{"a.sh"});
}

TEST_CASE("binary and UTF-16 files are refused", "[patch][bytes]") {
  using namespace std::string_literals;
  CHECK(after("alpha\0x\nbeta\n"s, diff(beta)).find("binary") !=
        std::string::npos);
  CHECK(after("\xff\xfe"
              "a\0b\0"s,
              diff(beta))
          .find("UTF-16") != std::string::npos);
  CHECK(after("\xff\xfe"
              "a\0b\0"s,
              "FILE: a.txt\nx\n---\n")
          .starts_with("REFUSED"));
}
