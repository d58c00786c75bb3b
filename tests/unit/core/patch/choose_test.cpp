#include "tests/unit/core/patch/memory_tree.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace pj::test;
using patch::edit_state;

namespace {

const std::string twins = "class A:\n    def run(self):\n        start()\n"
                          "        stop()\n\n\nclass B:\n    def run(self):\n"
                          "        start()\n        stop()\n";

std::string hunk(const std::string& at) {
  return "--- a/a.txt\n+++ b/a.txt\n" + at +
         "         start()\n-        stop()\n+        halt()\n";
}

std::size_t where(const std::string& text) {
  return text.find("halt()");
}

} // namespace

TEST_CASE("the text after @@ says which of two places is meant",
          "[patch][choose]") {
  const auto out = after(twins, hunk("@@ -4,2 +4,2 @@ class B:\n"));
  CHECK(where(out) > out.find("class B"));
  CHECK(where(out) != std::string::npos);
}

TEST_CASE("an enclosing section further out does not decide alone",
          "[patch][choose]") {
  const auto out = run({{"a.txt", twins}}, hunk("@@ class C:\n"));
  CHECK_FALSE(out.applied);
}

TEST_CASE("the line number decides between two places", "[patch][choose]") {
  const auto second = after(twins, hunk("@@ -9,2 +9,2 @@\n"));
  CHECK(where(second) > second.find("class B"));
  const auto first = after(twins, hunk("@@ -3,2 +3,2 @@\n"));
  CHECK(where(first) < first.find("class B"));
}

TEST_CASE("a line number half way between decides nothing", "[patch][choose]") {
  const auto out = run({{"a.txt", twins}}, hunk("@@ -6,2 +6,2 @@\n"));
  REQUIRE_FALSE(out.applied);
  CHECK(out.no.edits.front().state == edit_state::ambiguous);
  CHECK(out.no.edits.front().places == std::vector<std::uint32_t>{3, 9});
  CHECK(out.no.for_model.find("lines 3, 9") != std::string::npos);
}

TEST_CASE("hunks keep their order", "[patch][choose]") {
  const auto out = after(twins, "--- a/a.txt\n+++ b/a.txt\n@@ @@\n class B:\n"
                                "-    def run(self):\n+    def go(self):\n"
                                "@@ @@\n         start()\n-        stop()\n"
                                "+        halt()\n");
  CHECK(where(out) > out.find("class B"));
}

TEST_CASE("the drift of placed hunks corrects the numbers of others",
          "[patch][choose]") {
  std::string file;
  for (int i = 0; i < 40; ++i)
    file +=
      i % 10 == 5 ? "same line here\n" : "line " + std::to_string(i) + "\n";
  const auto out = after(file, "--- a/a.txt\n+++ b/a.txt\n"
                               "@@ -13,1 +13,1 @@\n-line 22\n+line twentytwo\n"
                               "@@ -16,1 +16,1 @@\n-same line here\n+other\n");
  CHECK(out.find("other\nline 26\n") != std::string::npos);
}

TEST_CASE("search and replace has no hints: several places are refused",
          "[patch][choose]") {
  const auto out =
    run({{"a.txt", twins}}, "a.txt\n<<<<<<< SEARCH\n        stop()\n=======\n"
                            "        halt()\n>>>>>>> REPLACE\n");
  REQUIRE_FALSE(out.applied);
  CHECK(out.no.edits.front().state == edit_state::ambiguous);
}

TEST_CASE("an apply_patch anchor picks its section", "[patch][choose]") {
  const auto out = after(twins, "*** Begin Patch\n*** Update File: a.txt\n"
                                "@@ class B:\n         start()\n"
                                "-        stop()\n+        halt()\n"
                                "*** End Patch\n");
  CHECK(where(out) > out.find("class B"));
}

TEST_CASE("a hunk cannot begin within what the one before changes",
          "[patch][choose]") {
  const auto part = [](const std::string& name, const std::string& what) {
    return "def " + name + "():\n    open_file()\n    " + what +
           "()\n    close_file()\n\n";
  };
  const auto all = [&](const std::string& what) {
    return part("a", what) + part("b", what) + part("c", what);
  };
  const std::string change =
    "     open_file()\n-    read_all()\n+    read_some()\n";
  CHECK(after(all("read_all"), "--- a/a.txt\n+++ b/a.txt\n@@ @@\n def a():\n" +
                                 change + "@@ @@\n" + change +
                                 "     close_file()\n@@ @@\n def c():\n" +
                                 change) == all("read_some"));
}

TEST_CASE("a section text among very many places decides nothing",
          "[patch][choose]") {
  std::string text;
  for (int i = 0; i < 260; ++i)
    text += "class C" + std::to_string(i) + ":\n    def " +
            (i == 3 || i == 230 ? "get" : "other") +
            "(self):\n        return compute()\n\n";
  CHECK(after(text, "--- a/a.txt\n+++ b/a.txt\n@@ def get(self):\n"
                    "-        return compute()\n+        return 1\n")
          .starts_with("REFUSED"));
}
