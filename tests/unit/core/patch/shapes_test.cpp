// How models dress a change: each of these once lost a part of it, wrote the
// dressing into a file, or was refused without need.

#include "tests/unit/core/patch/memory_tree.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace pj::test;

namespace {

const std::string head = "--- a/a.txt\n+++ b/a.txt\n";
const std::string abc = "alpha one\nbeta two\ngamma three\n";

std::string fenced(const std::string& text, const std::string& info = "diff") {
  return "```" + info + "\n" + text + "```\n";
}

std::string block(const std::string& before, const std::string& after) {
  return "<<<<<<< SEARCH\n" + before + "=======\n" + after +
         ">>>>>>> REPLACE\n";
}

bool is_refused(const std::string& text) {
  return text.starts_with("REFUSED");
}

} // namespace

TEST_CASE("a fence in a document's context does not end the hunk",
          "[patch][udiff]") {
  const std::string file = "# T\n\n```sh\nmake install\n```\n\nEnd of it.\n";
  const auto diff = head + "@@ -1,7 +1,7 @@\n # T\n \n ```sh\n-make install\n"
                           "+make all\n ```\n \n-End of it.\n+The end.\n";
  const std::string done = "# T\n\n```sh\nmake all\n```\n\nThe end.\n";
  CHECK(after(file, diff) == done);
  CHECK(after(file, "````diff\n" + diff + "````\n") == done);
}

TEST_CASE("a closing tag in the context does not end the hunk",
          "[patch][udiff]") {
  CHECK(after("<p>Hello there</p>\n</div>\n<div>\n<p>Bye now</p>\n",
              fenced(head + "@@ -1,4 +1,4 @@\n-<p>Hello there</p>\n"
                            "+<p>Hello you</p>\n</div>\n <div>\n"
                            "-<p>Bye now</p>\n+<p>Farewell</p>\n")) ==
        "<p>Hello you</p>\n</div>\n<div>\n<p>Farewell</p>\n");
}

TEST_CASE("a removed list mark is no mail signature", "[patch][udiff]") {
  CHECK(after("# List\n- \n- second item\n",
              head + "@@ -1,3 +1,2 @@\n # List\n-- \n - second item\n") ==
        "# List\n- second item\n");
  CHECK(after(abc, head + "@@ -1,1 +1,1 @@\n-alpha one\n+ALPHA\n-- \n2.39.2\n")
          .starts_with("ALPHA\nbeta"));
}

TEST_CASE("within a fence nothing of a hunk is taken for prose",
          "[patch][udiff]") {
  CHECK(after("a() {\n  first thing;\n}\nsecond thing;\n",
              fenced(head + "@@ -2,1 +2,1 @@\n-  first thing;\n+  1st;\n}\n"
                            "-second thing;\n+2nd;\n")) ==
        "a() {\n  1st;\n}\n2nd;\n");
}

TEST_CASE("hunks below prose or in another fence mean the same file",
          "[patch][udiff]") {
  const std::string first = "@@ -1,2 +1,2 @@\n-alpha one\n+ALPHA\n beta two\n";
  const std::string second = "@@ -3,1 +3,1 @@\n-gamma three\n+GAMMA\n";
  const std::string done = "ALPHA\nbeta two\nGAMMA\n";
  CHECK(after(abc, head + first + "\nNow the end:\n\n" + second) == done);
  CHECK(after(abc, fenced(head + first) + "And in the same file:\n" +
                     fenced(second)) == done);
}

TEST_CASE("a signed closing fence closes, a document's own is content",
          "[patch][udiff]") {
  CHECK(after(abc, "```diff\n" + head +
                     "@@ -1,2 +1,2 @@\n-alpha one\n+A\n beta two\n+```\n") ==
        "A\nbeta two\ngamma three\n");
  CHECK(after("# T\n", head + "@@ -1,1 +1,4 @@\n # T\n+```sh\n+make\n+```\n") ==
        "# T\n```sh\nmake\n```\n");
}

TEST_CASE("a list below a diff is no part of it", "[patch][udiff]") {
  CHECK(after(abc, head + "@@ -1,2 +1,2 @@\n-alpha one\n+A\n beta two\n\n"
                          "+ it is simple\n+ it works\n") ==
        "A\nbeta two\ngamma three\n");
}

TEST_CASE("an answer that stops inside a changed line is truncated",
          "[patch][udiff]") {
  CHECK(is_refused(after(abc, head + "@@ -1,3 +1,5 @@\n alpha one\n beta two\n"
                                     "-gamma three\n+GAM")));
}

TEST_CASE("marks of the wire around an answer are dropped", "[patch][udiff]") {
  const auto diff = head + "@@ -1 +1 @@\n-alpha one\n+A\n";
  const std::string done = "A\nbeta two\ngamma three\n";
  CHECK(after(abc, "\xef\xbb\xbf" + diff) == done);
  CHECK(after(abc, head + "@@ -1 +1 @@\n-alpha one\n+A<|eot_id|>\n") == done);
}

TEST_CASE("odd headers still name the file", "[patch][udiff]") {
  const std::string hunk = "@@ -1 +1 @@\n-alpha one\n+A\n";
  const std::string done = "A\nbeta two\ngamma three\n";
  CHECK(after(abc, "--- a.txt (original)\n+++ a.txt (modified)\n" + hunk) ==
        done);
  CHECK(after(abc, "diff --git a/a.txt b/a.txt\nindex 1..2 100644\n--- "
                   "a/a.txt\n" +
                     hunk) == done);
  CHECK(after(abc, "diff --git a/a.txt b/a.txt\nindex 1..2 100644\n\n" + head +
                     hunk) == done);
  const auto fresh = run({}, "--- a/n.py\n+++ b/n.py\n@@ -0,0 +1 @@\n+x = 1\n");
  REQUIRE(fresh.applied);
  CHECK(fresh.files.at("n.py") == "x = 1\n");
}

TEST_CASE("a diff under a path is a diff, a command is not the file",
          "[patch][whole]") {
  CHECK(after(abc, "a.txt\n" + fenced("@@ -1,2 +1,2 @@\n alpha one\n"
                                      "-beta two\n+B\n")) ==
        "alpha one\nB\ngamma three\n");
  CHECK(is_refused(after(abc, "a.txt\n" + fenced("cat a.txt\n", "bash"))));
  CHECK(is_refused(after(abc, "a.txt\n" + fenced("", "text"))));
}

TEST_CASE("a few lines of a file are not the file", "[patch][whole]") {
  const std::string file = "import os\n\ndef one():\n    return 1\n\n"
                           "def two():\n    return 2\n";
  CHECK(is_refused(
    after(file, "a.txt\n" + fenced("def two():\n    return 22\n", "python"))));
}

TEST_CASE("words that are no file names make no files", "[patch][whole]") {
  for (const std::string word :
       {"N/A", "Input/output:", "1.2.3",
        "https://example.com/a:", "`store.get()`:", "`self.items`:"}) {
    INFO(word);
    CHECK_FALSE(run({{"a.txt", abc}}, word + "\n" + fenced("x = 1\n", "")) //
                  .applied);
  }
}

TEST_CASE("a document's own lines do not end it unseen", "[patch][whole]") {
  CHECK(is_refused(
    after("old\n", "FILE: a.md\n---\ntitle: x\n---\n\n# T\n---\n", "a.md")));
  CHECK(is_refused(after("old\n",
                         "a.md\n```markdown\n# T\n```\nmake\n```\n"
                         "More.\n```\n",
                         "a.md")));
}

TEST_CASE("the path may stand in the fence", "[patch][whole]") {
  CHECK(after("x = 1\n", fenced("x = 2\n", "python src/t.py"), "src/t.py") ==
        "x = 2\n");
}

TEST_CASE("a new file beside edits in another format is made",
          "[patch][whole]") {
  const auto out =
    run({{"a.txt", abc}}, "a.txt\n" + fenced(block("alpha one\n", "A\n"), "") +
                            "\nhelper.py\n" + fenced("x = 1\n", "python"));
  REQUIRE(out.applied);
  CHECK(out.files.at("a.txt") == "A\nbeta two\ngamma three\n");
  CHECK(out.files.at("helper.py") == "x = 1\n");
}

TEST_CASE("a file shown beside edits is not written", "[patch][whole]") {
  const auto edit =
    "\nSo:\n\na.txt\n" + fenced(block("alpha one\n", "A\n"), "");
  const auto b = "one = 1\ntwo = 2\nthree = 3\nfour = 4\nfive = 5\n";
  auto beside = [&](const std::string& shown) {
    return run({{"a.txt", abc}, {"b.py", b}},
               "b.py\n" + fenced(shown, "python") + edit);
  };
  SECTION("lines it has: nothing is meant to change") {
    const auto out = beside("two = 2\nthree = 3\n");
    REQUIRE(out.applied);
    CHECK(out.files.at("b.py") == b);
  }
  SECTION("all of it, and one line changed: the new file") {
    const auto out =
      beside("one = 1\ntwo = 2\nthree = 3\nfour = 4\nfive = 50\n");
    REQUIRE(out.applied);
    CHECK(out.files.at("b.py").ends_with("five = 50\n"));
    CHECK(out.files.at("a.txt").starts_with("A\n"));
  }
  SECTION("other lines: it may be either, so nothing is done") {
    CHECK_FALSE(beside("nothing = 0\nof = 0\nit = 0\n").applied);
  }
  SECTION("the file the edits are of, as it will be") {
    const auto out =
      run({{"a.txt", abc}},
          "a.txt\n" + fenced(block("alpha one\n", "A\n"), "") +
            "\nWhole:\n\na.txt\n" + fenced("A\nbeta two\nelse\n", ""));
    REQUIRE(out.applied);
    CHECK(out.files.at("a.txt") == "A\nbeta two\ngamma three\n");
  }
}

TEST_CASE("files of the tree are named, whatever their names",
          "[patch][search-replace]") {
  for (const std::string name :
       {"VERSION", "my file.txt", "dir with blank/a.txt", "gradlew", "TODO",
        "-dash.txt", "#hash.txt", "a=b.txt"}) {
    INFO(name);
    const auto answer = "a.txt\n" + fenced(block("alpha one\n", "A\n"), "") +
                        "\n" + name + "\n" +
                        fenced(block("gamma three\n", "C\n"), "");
    const auto out = run(
      {{"a.txt", abc}, {name, abc}, {"file.txt", abc}, {"blank/a.txt", abc}},
      answer);
    REQUIRE(out.applied);
    CHECK(out.files.at("a.txt") == "A\nbeta two\ngamma three\n");
    CHECK(out.files.at(name) == "alpha one\nbeta two\nC\n");
    const auto whole = run({{name, abc}}, "FILE: " + name + "\nx\n---\n");
    REQUIRE(whole.applied);
    CHECK(whole.files.at(name) == "x\n");
  }
}

TEST_CASE("new files beside edits are written or refused, never left out",
          "[patch][whole]") {
  const auto edit = "a.txt\n" + fenced(block("alpha one\n", "A\n"), "");
  for (const std::string name :
       {"Pipfile", ".npmrc", "schema.prisma", "x.service", "x.markdown"}) {
    INFO(name);
    const auto out =
      run({{"a.txt", abc}}, edit + "\n" + name + "\n" + fenced("x = 1\n", ""));
    REQUIRE(out.applied);
    CHECK(out.files.at(name) == "x = 1\n");
  }
  for (const std::string name : {"bin/tool", "VERSION", "my file.txt"}) {
    INFO(name);
    const auto out =
      run({{"a.txt", abc}}, edit + "\nFILE: " + name + "\nx = 1\n---\n");
    REQUIRE(out.applied);
    CHECK(out.files.at(name) == "x = 1\n");
  }
  CHECK_FALSE(run({{"a.txt", abc}},
                  edit + "\nscripts/deploy\n" + fenced("echo hi\n", "sh"))
                .applied);
}

TEST_CASE("a block's file is named in many ways", "[patch][search-replace]") {
  const auto edit = block("alpha one\n", "A\n");
  for (const std::string line :
       {"// a.txt", "<!-- a.txt -->", "[a.txt](a.txt)",
        "In `a.txt`:", "Update **a.txt** like this:", "a.txt (lines 1-3)",
        "<path>a.txt</path>", "=== a.txt ===", "file_path=\"a.txt\"",
        "a.txt:1"}) {
    INFO(line);
    CHECK(after(abc, line + "\n" + fenced(edit, "")).starts_with("A\n"));
  }
  CHECK(after(abc, "<<<<<<< SEARCH a.txt\nalpha one\n=======\nA\n"
                   ">>>>>>> REPLACE\n")
          .starts_with("A\n"));
}

TEST_CASE("a sentence between blocks names the second one's file",
          "[patch][search-replace]") {
  const auto out =
    run({{"a.txt", abc}, {"b.txt", abc}},
        "a.txt\n" + block("alpha one\n", "A\n") +
          "\nAnd in `b.txt` change:\n\n" + block("beta two\n", "B\n"));
  REQUIRE(out.applied);
  CHECK(out.files.at("a.txt") == "A\nbeta two\ngamma three\n");
  CHECK(out.files.at("b.txt") == "alpha one\nB\ngamma three\n");
}

TEST_CASE("markers may be bare, doubled or have a start line",
          "[patch][search-replace]") {
  CHECK(after(abc, "a.txt\n<<<<<<<\nalpha one\n=======\nA\n>>>>>>>\n")
          .starts_with("A\n"));
  const std::string file = "x one\ny two\n";
  CHECK(after(file,
              "a.py\n<<<<<<< SEARCH\nx one\n=======\n=======\nX\n"
              ">>>>>>> REPLACE\n",
              "a.py") == "X\ny two\n");
  CHECK(after(file,
              "a.py\n```\n<<<<<<< SEARCH\nx one\n=======\nX\n```\n"
              ">>>>>>> REPLACE\n",
              "a.py") == "X\ny two\n");
  CHECK(after(file,
              "a.py\n<<<<<<< SEARCH\n:start_line:1\n-------\nx one\n=======\n"
              "X\n>>>>>>> REPLACE\n",
              "a.py") == "X\ny two\n");
}

TEST_CASE("a heading's underline is no marker", "[patch][search-replace]") {
  CHECK(after("Title\n=====\n\nSome text.\n",
              "a.rst\n" + block("Title\n=====\n", "New Title\n=========\n"),
              "a.rst") == "New Title\n=========\n\nSome text.\n");
}

TEST_CASE("line numbers are never written", "[patch][search-replace]") {
  const std::string path = "a.txt\n";
  CHECK(after(abc, path + block("1| alpha one\n2| beta two\n",
                                "1| A\nnew\n2| beta two\n")) ==
        "A\nnew\nbeta two\ngamma three\n");
  CHECK(is_refused(after(abc, path + block("alpha one\n", "1| A\n"))));
}

TEST_CASE("a number that is a key is no line number",
          "[patch][search-replace]") {
  CHECK(after("codes:\n  200: it is ok\n",
              "a.yaml\n" + block("  200: it is ok\n", "  200: it is fine\n"),
              "a.yaml") == "codes:\n  200: it is fine\n");
}

TEST_CASE("an envelope may hold numbers in its anchors",
          "[patch][apply_patch]") {
  const std::string file = "class A:\n    return None\n\nclass B:\n"
                           "    return None\n";
  CHECK(after(file, "*** Begin Patch\n*** Update File: a.txt\n"
                    "@@ -5,1 +5,1 @@ class B:\n-    return None\n"
                    "+    return 1\n*** End Patch\n") ==
        "class A:\n    return None\n\nclass B:\n    return 1\n");
}
