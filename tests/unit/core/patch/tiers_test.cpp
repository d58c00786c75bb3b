#include "tests/unit/core/patch/memory_tree.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>

using namespace pj;
using namespace pj::test;

namespace {

const std::string source = "def area(w, h):\n"
                           "    size = w * h\n"
                           "    return size\n"
                           "\n"
                           "def edge(w, h):\n"
                           "    return 2 * (w + h)\n";

std::string head(const std::string& hunk) {
  return "--- a/a.txt\n+++ b/a.txt\n" + hunk;
}

} // namespace

TEST_CASE("T0 takes the exact text", "[patch][tiers]") {
  const auto out = run({{"a.txt", source}}, head("@@ -1,3 +1,3 @@\n"
                                                 " def area(w, h):\n"
                                                 "-    size = w * h\n"
                                                 "+    size = h * w\n"
                                                 "     return size\n"));
  REQUIRE(out.applied);
  CHECK(out.tier() == 0);
  CHECK(out.yes.edits.front().line == 2);
  CHECK(out.files.at("a.txt").find("size = h * w\n") != std::string::npos);
}

TEST_CASE("T1 ignores trailing blanks and keeps them in context",
          "[patch][tiers]") {
  const auto out = run({{"a.txt", "one  \ntwo\t\nthree\n"}},
                       head("@@ @@\n one\n-two\n+2\n three\n"));
  REQUIRE(out.applied);
  CHECK(out.tier() == 1);
  CHECK(out.files.at("a.txt") == "one  \n2\nthree\n");
}

TEST_CASE("T2 shifts added lines by the same indentation", "[patch][tiers]") {
  const auto out = run({{"a.txt", source}},
                       "a.txt\n<<<<<<< SEARCH\nsize = w * h\nreturn size\n"
                       "=======\nsize = w * h\nif size < 0:\n    size = 0\n"
                       "return size\n>>>>>>> REPLACE\n");
  REQUIRE(out.applied);
  CHECK(out.tier() == 2);
  CHECK(out.files.at("a.txt").starts_with("def area(w, h):\n"
                                          "    size = w * h\n"
                                          "    if size < 0:\n"
                                          "        size = 0\n"
                                          "    return size\n"));
}

TEST_CASE("T2 writes tabs where the file has tabs", "[patch][tiers]") {
  const auto out = after("int f() {\n\tint sum = 0;\n\treturn sum;\n}\n",
                         head("@@ @@\n int f() {\n     int sum = 0;\n"
                              "+    if (sum)\n+        sum = 1;\n"
                              "     return sum;\n }\n"));
  CHECK(out == "int f() {\n\tint sum = 0;\n\tif (sum)\n\t\tsum = 1;\n"
               "\treturn sum;\n}\n");
}

TEST_CASE("T2 knows a block whose first line lost its indentation",
          "[patch][tiers]") {
  const auto out = run({{"a.txt", source}},
                       "a.txt\n<<<<<<< SEARCH\nsize = w * h\n    return size\n"
                       "=======\nsize = h * w\n    size += 1\n"
                       "    return size\n>>>>>>> REPLACE\n");
  REQUIRE(out.applied);
  CHECK(out.files.at("a.txt").starts_with("def area(w, h):\n"
                                          "    size = h * w\n"
                                          "    size += 1\n"
                                          "    return size\n"));
}

TEST_CASE("context that lost its sign does not move added lines",
          "[patch][tiers]") {
  const std::string text = "class a:\n    def one(self):\n        go(1)\n"
                           "        stay(2)\n";
  const std::string want = "class a:\n    def one(self):\n        go(1)\n"
                           "        new(3)\n        stay(2)\n";
  CHECK(after(text, head("@@ @@\n    def one(self):\n        go(1)\n"
                         "+        new(3)\n        stay(2)\n")) == want);
  CHECK(
    after(text, head("@@ @@\n class a:\n     def one(self):\n        go(1)\n"
                     "+        new(3)\n         stay(2)\n")) == want);
}

TEST_CASE("T2 and later need ten solid bytes", "[patch][tiers]") {
  CHECK(after("    a = 1\nb\n", head("@@ @@\n-a = 1\n+a = 2\n"))
          .starts_with("REFUSED"));
}

TEST_CASE("T3 reads typographic marks and composed letters as plain ones",
          "[patch][tiers]") {
  const auto out = run({{"a.txt", "say(\"it's caf\xc3\xa9 - open\")\nend\n"}},
                       head("@@ @@\n-say(\xe2\x80\x9cit\xe2\x80\x99s "
                            "cafe\xcc\x81 \xe2\x80\x94 open\xe2\x80\x9d)\n"
                            "+say(\"closed\")\n end\n"));
  REQUIRE(out.applied);
  CHECK(out.tier() == 3);
  CHECK(out.files.at("a.txt") == "say(\"closed\")\nend\n");
}

TEST_CASE("T3 stays linear where letters carry thousands of marks",
          "[patch][tiers]") {
  std::string zalgo = "a";
  for (int i = 0; i < 20'000; ++i)
    zalgo += "\xcc\x81\xcc\x96";
  const auto start = std::chrono::steady_clock::now();
  CHECK(
    after("alpha_value\n" + zalgo + "\n", head("@@ @@\n-" + zalgo + "x\n+y\n"))
      .starts_with("REFUSED"));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
}

TEST_CASE("T3 writes no typography the file does not know", "[patch][tiers]") {
  const std::string quotes =
    "-print(\u201cdone\u201d)\n+print(\u201cok\u201d)\n";
  CHECK(after("print(\"done\")\n", head("@@ @@\n" + quotes)) ==
        "print(\"ok\")\n");
  const std::string gap = "\u00a0\u00a0";
  CHECK(after("go:\n  print(1, 2, 3)\n",
              head("@@ @@\n go:\n-" + gap + "print(1, 2, 3)\n+" + gap +
                   "print(4)\n")) == "go:\n  print(4)\n");
  CHECK(after("say(\"\u201cdone now\u201d\")\nprint(\"done\")\n",
              head("@@ @@\n-print(\u201cdone\u201d)\n+print(\u201cok\u201d)\n"))
          .find("\u201cok\u201d") != std::string::npos);
}

TEST_CASE("T4 forgives extra and missing blank lines and keeps the file's",
          "[patch][tiers]") {
  const std::string file = "first line\n\n\nsecond line\nthird line\n";
  const auto out =
    run({{"a.txt", file}}, head("@@ @@\n first line\n second line\n \n"
                                "-third line\n+3rd line\n"));
  REQUIRE(out.applied);
  CHECK(out.tier() == 4);
  CHECK(out.files.at("a.txt") == "first line\n\n\nsecond line\n3rd line\n");
}

TEST_CASE("T4 removes blank lines between removed lines the answer left out",
          "[patch][tiers]") {
  const std::string text = "first_line()\nalpha_one()\n\nbeta_two()\nlast()\n";
  CHECK(after(text, "a.txt\n<<<<<<< SEARCH\nalpha_one()\nbeta_two()\n=======\n"
                    "gamma()\n>>>>>>> REPLACE\n") ==
        "first_line()\ngamma()\nlast()\n");
  CHECK(after(text, head("@@ @@\n first_line()\n-alpha_one()\n+gamma()\n"
                         "-beta_two()\n+delta()\n last()\n")) ==
        "first_line()\ngamma()\ndelta()\nlast()\n");
}

TEST_CASE("T5 takes one level of escaping off both halves", "[patch][tiers]") {
  const auto out = run({{"a.txt", "print(\"hello world\")\n"}},
                       "a.txt\n<<<<<<< SEARCH\nprint(\\\"hello world\\\")\n"
                       "=======\nprint(\\\"bye\\\")\n>>>>>>> REPLACE\n");
  REQUIRE(out.applied);
  CHECK(out.tier() == 5);
  CHECK(out.files.at("a.txt") == "print(\"bye\")\n");
}

TEST_CASE("T5 leaves line breaks in strings when quotes alone are escaped",
          "[patch][tiers]") {
  CHECK(after("print(\"done\")\n",
              "a.txt\n<<<<<<< SEARCH\nprint(\\\"done\\\")\n=======\n"
              "print(\\\"ok\\n\\\")\n>>>>>>> REPLACE\n") ==
        "print(\"ok\\n\")\n");
}

TEST_CASE("T5 reads entities of both halves", "[patch][tiers]") {
  CHECK(after("for (i = 0; i < n; i++)\n",
              head("@@ @@\n-for (i = 0; i &lt; n; i++)\n"
                   "+for (i = 0; i &lt; n &amp;&amp; v; i++)\n")) ==
        "for (i = 0; i < n && v; i++)\n");
}

TEST_CASE("T6 scales the indentation of added lines", "[patch][tiers]") {
  CHECK(
    after("f() {\n    if (ready_now) {\n        start_it();\n    }\n}\n",
          "a.txt\n<<<<<<< SEARCH\n  if (ready_now) {\n    start_it();\n  }\n"
          "=======\n  if (ready_now) {\n    if (ok) {\n      start_it();\n"
          "    }\n  }\n>>>>>>> REPLACE\n") ==
    "f() {\n    if (ready_now) {\n        if (ok) {\n"
    "            start_it();\n        }\n    }\n}\n");
}

TEST_CASE("added lines are indented with tabs where all others are",
          "[patch][tiers]") {
  CHECK(
    after("clean:\n\trm prog\n",
          "a.txt\n<<<<<<< SEARCH\nclean:\n=======\ninstall:\n    cp prog\n\n"
          "clean:\n>>>>>>> REPLACE\n") ==
    "install:\n\tcp prog\n\nclean:\n\trm prog\n");
}

TEST_CASE("T6 ignores runs of blanks inside lines", "[patch][tiers]") {
  const auto out = run({{"a.txt", "int   width =  10;\nint h = 2;\n"}},
                       head("@@ @@\n-int width = 10;\n+int width = 11;\n"
                            " int h = 2;\n"));
  REQUIRE(out.applied);
  CHECK(out.tier() == 6);
  CHECK(out.files.at("a.txt") == "int width = 11;\nint h = 2;\n");
}

TEST_CASE("T6 gives added lines the indentation of their neighbours",
          "[patch][tiers]") {
  const std::string file = "if (a) {\n        while (b) {\n"
                           "            step(one);\n        }\n}\n";
  const auto out = after(file, head("@@ @@\n if (a) {\n   while (b) {\n"
                                    "-    step(one);\n+    step(two);\n"
                                    "   }\n }\n"));
  CHECK(out == "if (a) {\n        while (b) {\n"
               "            step(two);\n        }\n}\n");
}

TEST_CASE("T7 fills the lines that ... stands for", "[patch][tiers]") {
  const std::string answer = "a.txt\n<<<<<<< SEARCH\ndef area(w, h):\n"
                             "    ...\n    return 2 * (w + h)\n=======\n"
                             "def area(wide, h):\n    ...\n"
                             "    return 2 * w + 2 * h\n>>>>>>> REPLACE\n";
  const auto out = run({{"a.txt", source}}, answer);
  REQUIRE(out.applied);
  CHECK(out.tier() == 7);
  CHECK(out.files.at("a.txt") ==
        "def area(wide, h):\n    size = w * h\n    return size\n\n"
        "def edge(w, h):\n    return 2 * w + 2 * h\n");
}

TEST_CASE("T7 refuses an elision that only one half has", "[patch][tiers]") {
  CHECK(after(source, "a.txt\n<<<<<<< SEARCH\ndef area(w, h):\n    ...\n"
                      "    return 2 * (w + h)\n=======\ndef area():\n"
                      ">>>>>>> REPLACE\n")
          .starts_with("REFUSED"));
}

TEST_CASE("T7 refuses a piece that is in two places", "[patch][tiers]") {
  const std::string twice = source + "\ndef area(w, h):\n    pass\n";
  CHECK(after(twice, "a.txt\n<<<<<<< SEARCH\ndef area(w, h):\n...\n"
                     "    return 2 * (w + h)\n=======\ndef area(x, h):\n...\n"
                     "    return 2 * (w + h)\n>>>>>>> REPLACE\n")
          .starts_with("REFUSED"));
}

TEST_CASE("T8 gives up wrong outer context", "[patch][tiers]") {
  const auto out = run({{"a.txt", source}},
                       head("@@ @@\n # not in the file\n def area(w, h):\n"
                            "-    size = w * h\n+    size = h * w\n"
                            "     return size\n # nor is this\n"));
  REQUIRE(out.applied);
  CHECK(out.tier() == 8);
  CHECK(out.files.at("a.txt").find("    size = h * w\n") != std::string::npos);
}

TEST_CASE("T8 splits a hunk around a wrong inner line", "[patch][tiers]") {
  const std::string file = "def area(w, h):\n    size = width(w) * height(h)\n"
                           "    return size\n\ndef edge(w, h):\n"
                           "    return 2 * (w + h)\n";
  const auto out =
    run({{"a.txt", file}}, head("@@ @@\n def area(w, h):\n"
                                "-    size = width(w) * height(h)\n"
                                "+    size = h * w\n     return big_size\n \n"
                                " def edge(w, h):\n-    return 2 * (w + h)\n"
                                "+    return 2 * w + 2 * h\n"));
  REQUIRE(out.applied);
  CHECK(out.tier() == 8);
  CHECK(out.files.at("a.txt") ==
        "def area(w, h):\n    size = h * w\n    return size\n\n"
        "def edge(w, h):\n    return 2 * w + 2 * h\n");
}

TEST_CASE("T8 keeps its hands off when a short line loses its context",
          "[patch][tiers]") {
  CHECK(after(source, head("@@ @@\n def area(w, h):\n-    size = w * h\n"
                           "+    size = h * w\n     return big_size\n"))
          .starts_with("REFUSED"));
}

TEST_CASE("T8 rediscovers a forgotten plus between added lines",
          "[patch][tiers]") {
  const auto out =
    run({{"a.txt", source}}, head("@@ @@\n def area(w, h):\n+    if w < 0:\n"
                                  "         w = 0\n+    h = abs(h)\n"
                                  "     size = w * h\n     return size\n"));
  REQUIRE(out.applied);
  CHECK(out.tier() == 8);
  CHECK(out.files.at("a.txt").starts_with(
    "def area(w, h):\n    if w < 0:\n        w = 0\n    h = abs(h)\n"
    "    size = w * h\n"));
}

TEST_CASE("T8 never adds a wrong context line that has a true one in its"
          " place",
          "[patch][tiers]") {
  CHECK(after(source, head("@@ @@\n def area(w, h):\n+    check(w)\n"
                           "     size = width * height\n     return size\n"))
          .starts_with("REFUSED"));
}

TEST_CASE("T8 refuses when a line to remove is nowhere", "[patch][tiers]") {
  CHECK(after(source, head("@@ @@\n def area(w, h):\n-    size = w + h\n"
                           "+    size = h * w\n     return size\n"))
          .starts_with("REFUSED"));
}

TEST_CASE("T8 is not for search and replace", "[patch][tiers]") {
  CHECK(after(source, "a.txt\n<<<<<<< SEARCH\n# not there\ndef area(w, h):\n"
                      "    size = w * h\n=======\ndef area():\n"
                      ">>>>>>> REPLACE\n")
          .starts_with("REFUSED"));
}

TEST_CASE("T8 reads the line below removed ones as the new one",
          "[patch][tiers]") {
  const auto below = [](const std::string& line) {
    return after(source, head("@@ @@\n def area(w, h):\n-    size = w * h\n" +
                              line + "\n     return size\n"));
  };
  const std::string want = "def area(w, h):\n    area_of = h * w\n"
                           "    return size\n" +
                           source.substr(source.find("\ndef edge"));
  CHECK(below("     area_of = h * w") == want);
  CHECK(below("    area_of = h * w") == want);
}

TEST_CASE("T8 does not only delete when what follows is nowhere",
          "[patch][tiers]") {
  CHECK(after(source, head("@@ @@\n def area(w, h):\n-    size = w * h\n"
                           "     area_of = h * w\n"))
          .starts_with("REFUSED"));
}

TEST_CASE("T8 takes no line number for a place once context is given up",
          "[patch][tiers]") {
  const std::string text = "void a() {\n  foo(1);\n  return nothing;\n}\n\n"
                           "void b() {\n  bar(2);\n  return nothing;\n}\n";
  const std::string hunk = "@@ -1,4 +1,4 @@\n void z() {\n   baz(1);\n"
                           "-  return nothing;\n+  return 1;\n }\n";
  CHECK(after(text, head(hunk)).starts_with("REFUSED"));
}

TEST_CASE("T8 takes a brace for no evidence", "[patch][tiers]") {
  CHECK(
    after("void a() {\n  foo(1);\n  return nothing;\n}\n",
          head("@@ @@\n void z() {\n-  return nothing;\n+  return 1;\n }\n"))
      .starts_with("REFUSED"));
}
