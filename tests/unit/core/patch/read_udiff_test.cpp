#include "tests/unit/core/patch/memory_tree.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace pj::test;

namespace {

const std::string abc = "alpha\nbeta\ngamma\n";

} // namespace

TEST_CASE("wrong counts and lines in @@ do not matter", "[patch][udiff]") {
  CHECK(after(abc, "--- a/a.txt\n+++ b/a.txt\n@@ -90,1 +17,40 @@\n alpha\n"
                   "-beta\n+BETA\n gamma\n") == "alpha\nBETA\ngamma\n");
}

TEST_CASE("counts that are too small do not drop edits", "[patch][udiff]") {
  CHECK(after(abc, "--- a/a.txt\n+++ b/a.txt\n@@ -1,1 +1,1 @@\n-alpha\n"
                   "+ALPHA\n-beta\n+BETA\n") == "ALPHA\nBETA\ngamma\n");
}

TEST_CASE("the next file's header ends a hunk, whatever its counts say",
          "[patch][udiff]") {
  const auto out = run({{"a.txt", abc}, {"b.txt", abc}},
                       "--- a/a.txt\n+++ b/a.txt\n@@ -1,9 +1,9 @@\n-alpha\n"
                       "+1\n--- a/b.txt\n+++ b/b.txt\n@@ -1,9 +1,9 @@\n"
                       "-beta\n+2\n");
  REQUIRE(out.applied);
  CHECK(out.files.at("a.txt") == "1\nbeta\ngamma\n");
  CHECK(out.files.at("b.txt") == "alpha\n2\ngamma\n");
}

TEST_CASE("a removed line of dashes is not a header", "[patch][udiff]") {
  CHECK(after("-- note one\nselect 1;\n",
              "--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n--- note one\n"
              "+++ note two\n select 1;\n") == "++ note two\nselect 1;\n");
}

TEST_CASE("paths may lack prefixes, have dates or be quoted",
          "[patch][udiff]") {
  const std::string hunk = "@@ -1 +1 @@\n-alpha\n+A\n";
  const std::string done = "A\nbeta\ngamma\n";
  CHECK(after(abc, "--- a.txt\n+++ a.txt\n" + hunk) == done);
  CHECK(after(abc, "--- a.txt\t2024-01-01 10:00:00\n+++ a.txt\t2024-01-01\n" +
                     hunk) == done);
  CHECK(after(abc, "--- a.txt 2024-01-01 10:00:00 +0000\n+++ new.txt\n" +
                     hunk) == done);
  CHECK(after(abc, "--- \"a/a.txt\"\n+++ \"b/a.txt\"\n" + hunk) == done);
  CHECK(after(abc,
              "--- \"a/\\303\\244 b.txt\"\n+++ \"b/\\303\\244 b.txt\"\n" + hunk,
              "\xc3\xa4 b.txt") == done);
}

TEST_CASE("a folder named a is not taken for the prefix", "[patch][udiff]") {
  const auto out = run({{"a/x.txt", abc}, {"x.txt", "other\n"}},
                       "--- a/a/x.txt\n+++ b/a/x.txt\n@@ -1 +1 @@\n-alpha\n"
                       "+A\n");
  REQUIRE(out.applied);
  CHECK(out.files.at("a/x.txt") == "A\nbeta\ngamma\n");
  CHECK(out.files.at("x.txt") == "other\n");
}

TEST_CASE("blank context may lack its leading space", "[patch][udiff]") {
  CHECK(after("alpha\n\nbeta\n", "--- a/a.txt\n+++ b/a.txt\n@@ -1,3 +1,3 @@\n"
                                 " alpha\n\n-beta\n+B\n") == "alpha\n\nB\n");
}

TEST_CASE("a new file", "[patch][udiff]") {
  const auto out = run({}, "--- /dev/null\n+++ b/src/new.txt\n@@ -0,0 +1,2 @@\n"
                           "+one\n+two\n");
  REQUIRE(out.applied);
  CHECK(out.files.at("src/new.txt") == "one\ntwo\n");
}

TEST_CASE("a new file without newline at its end, executable",
          "[patch][udiff]") {
  const auto out =
    run({}, "diff --git a/run b/run\nnew file mode 100755\n"
            "index 0000000..1111111\n--- /dev/null\n+++ b/run\n"
            "@@ -0,0 +1 @@\n+go\n\\ No newline at end of file\n");
  REQUIRE(out.applied);
  CHECK(out.files.at("run") == "go");
  CHECK(out.yes.change.files.front().mode == file_mode::executable);
}

TEST_CASE("a new file that is there already is refused", "[patch][udiff]") {
  CHECK(after(abc, "--- /dev/null\n+++ b/a.txt\n@@ -0,0 +1 @@\n+one\n")
          .starts_with("REFUSED"));
}

TEST_CASE("deleted and renamed files", "[patch][udiff]") {
  const auto gone = run({{"a.txt", abc}, {"b.txt", "b\n"}},
                        "diff --git a/a.txt b/a.txt\ndeleted file mode 100644\n"
                        "--- a/a.txt\n+++ /dev/null\n@@ -1,3 +0,0 @@\n-alpha\n"
                        "-beta\n-gamma\n");
  REQUIRE(gone.applied);
  CHECK(gone.files == file_map{{"b.txt", "b\n"}});
  const auto moved = run({{"a.txt", abc}},
                         "diff --git a/a.txt b/c/d.txt\nsimilarity index 90%\n"
                         "rename from a.txt\nrename to c/d.txt\n--- a/a.txt\n"
                         "+++ b/c/d.txt\n@@ -1,2 +1,2 @@\n-alpha\n+A\n beta\n");
  REQUIRE(moved.applied);
  CHECK(moved.files == file_map{{"c/d.txt", "A\nbeta\ngamma\n"}});
  CHECK(moved.yes.change.files.front().kind == change_kind::rename);
}

TEST_CASE("a deletion whose text is not the file's is refused",
          "[patch][udiff]") {
  CHECK(after(abc, "--- a/a.txt\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-alpha\n"
                   "-something else\n")
          .starts_with("REFUSED"));
}

TEST_CASE("a mode change alone", "[patch][udiff]") {
  const auto out = run({{"a.txt", abc}}, "diff --git a/a.txt b/a.txt\n"
                                         "old mode 100644\nnew mode 100755\n");
  REQUIRE(out.applied);
  REQUIRE(out.yes.change.files.size() == 1);
  CHECK(out.yes.change.files.front().mode == file_mode::executable);
  CHECK(out.yes.change.files.front().content == abc);
}

TEST_CASE("binary patches are refused", "[patch][udiff]") {
  CHECK(after(abc, "diff --git a/a.txt b/a.txt\nindex 1..2 100644\n"
                   "Binary files a/a.txt and b/a.txt differ\n")
          .starts_with("REFUSED"));
}

TEST_CASE("hunks without any @@ line", "[patch][udiff]") {
  CHECK(after(abc, "--- a/a.txt\n+++ b/a.txt\n alpha\n-beta\n+B\n gamma\n") ==
        "alpha\nB\ngamma\n");
}

TEST_CASE("a git header after prose and before the fence's end",
          "[patch][udiff]") {
  CHECK(after(abc,
              "Here is the fix:\n\n```diff\ndiff --git a/a.txt b/a.txt\n"
              "index 1..2 100644\n--- a/a.txt\n+++ b/a.txt\n"
              "@@ -2 +2 @@\n-beta\n+B\n```\n\nIt works because - well.\n") ==
        "alpha\nB\ngamma\n");
}

TEST_CASE("lines to add without context are refused in a file that has lines",
          "[patch][udiff]") {
  CHECK(after(abc, "--- a/a.txt\n+++ b/a.txt\n@@ -2,0 +3 @@\n+new\n")
          .starts_with("REFUSED"));
  CHECK(after("", "--- a/a.txt\n+++ b/a.txt\n@@ -0,0 +1 @@\n+new\n") ==
        "new\n");
}

TEST_CASE("two hunks that change the same lines are refused",
          "[patch][udiff]") {
  CHECK(after(abc, "--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n alpha\n"
                   "-beta\n+B\n@@ -1,2 +1,2 @@\n alpha\n-beta\n+C\n")
          .starts_with("REFUSED"));
}

TEST_CASE("a later hunk may build on what an earlier one wrote",
          "[patch][udiff]") {
  CHECK(after(abc, "--- a/a.txt\n+++ b/a.txt\n@@ @@\n alpha\n-beta\n"
                   "+beta version\n gamma\n@@ @@\n-beta version\n"
                   "+beta version two\n gamma\n") ==
        "alpha\nbeta version two\ngamma\n");
}

TEST_CASE("a hunk that changes nothing is skipped when its text is there",
          "[patch][udiff]") {
  const std::string head = "--- a/a.txt\n+++ b/a.txt\n@@ @@\n";
  const auto out = run({{"a.txt", abc}}, head + "-beta\n+beta\n gamma\n");
  REQUIRE(out.applied);
  CHECK(out.yes.edits.front().state == patch::edit_state::skipped);
  CHECK(out.yes.change.files.empty());
  CHECK(after(abc, head + "-betta\n+betta\n gamma\n").starts_with("REFUSED"));
}

TEST_CASE("the same hunk twice is done once", "[patch][udiff]") {
  const std::string hunk = "@@ -1,1 +1,2 @@\n import sys\n+import os\n";
  const std::string file = "--- a/a.txt\n+++ b/a.txt\n";
  const std::string text = "import sys\nalpha = 1\n";
  const std::string want = "import sys\nimport os\nalpha = 1\n";
  CHECK(after(text, file + hunk + hunk) == want);
  CHECK(after(text, file + hunk + file + hunk) == want);
  const std::string block = "<<<<<<< SEARCH\nimport sys\n=======\nimport sys\n"
                            "import os\n>>>>>>> REPLACE\n";
  CHECK(after(text, "a.txt\n" + block + block) == want);
}

TEST_CASE("a file is not moved onto another", "[patch][udiff]") {
  const auto move = [](const std::string& from, const std::string& to) {
    return "diff --git a/" + from + " b/" + to +
           "\nsimilarity index 100%\nrename from " + from + "\nrename to " +
           to + "\n";
  };
  const file_map files = {{"a.txt", "one\n"}, {"b.txt", "two\n"}};
  CHECK_FALSE(run(files, move("a.txt", "b.txt")).applied);
  CHECK_FALSE(
    run(files, move("a.txt", "b.txt") + move("b.txt", "a.txt")).applied);
}

TEST_CASE("a deletion that names a part of the file is refused",
          "[patch][udiff]") {
  CHECK_FALSE(run({{"a.txt", "one\ntwo\nthree\n"}},
                  "--- a/a.txt\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-one\n-two\n")
                .applied);
}

TEST_CASE("blank old lines alone say no place", "[patch][udiff]") {
  CHECK(after("alpha = 1\n\nbeta = 2\n",
              "a.txt\n<<<<<<< SEARCH\n\n=======\nimport os\n>>>>>>> REPLACE\n")
          .starts_with("REFUSED"));
}

TEST_CASE("entities that only the new lines have are refused, but for markup",
          "[patch][udiff]") {
  const std::string hunk =
    "@@ @@\n-if (user_id) {\n+if (user_id &amp;&amp; ok) {\n";
  const auto refused = [&](const std::string& path) {
    return !run({{path, "if (user_id) {\n"}},
                "--- a/" + path + "\n+++ b/" + path + "\n" + hunk)
              .applied;
  };
  CHECK(refused("a.ts"));
  CHECK_FALSE(refused("a.html"));
  CHECK(after("s = clean(text)\n",
              "a.txt\n<<<<<<< SEARCH\ns = clean(text)\n=======\n"
              "s = text.replace('&', '&amp;')\n>>>>>>> REPLACE\n") ==
        "s = text.replace('&', '&amp;')\n");
}
