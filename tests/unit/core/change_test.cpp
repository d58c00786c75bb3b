#include "core/change.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;

namespace {

std::string diff(file_change c) {
  return to_unified_diff({{std::move(c)}, {}, {}});
}

} // namespace

TEST_CASE("a changed line with three lines of context", "[change]") {
  file_change c;
  c.path = "a.txt";
  c.before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
  c.content = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n";
  CHECK(diff(c) == "diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n"
                   "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST_CASE("near changes share a hunk, far ones do not", "[change]") {
  file_change c;
  c.path = "a";
  for (int i = 0; i < 30; ++i)
    c.before += std::to_string(i) + "\n";
  c.content = c.before;
  c.content.replace(c.content.find("5\n"), 1, "x");
  c.content.replace(c.content.find("\n11\n") + 1, 2, "y");
  auto hunks = [](const std::string& text) {
    std::size_t n = 0;
    for (auto at = text.find("@@ -"); at != text.npos;
         at = text.find("@@ -", at + 1))
      ++n;
    return n;
  };
  CHECK(hunks(diff(c)) == 1);
  c.content.replace(c.content.find("\n25\n") + 1, 2, "z");
  CHECK(hunks(diff(c)) == 2);
}

TEST_CASE("new, deleted, renamed and mode-only files", "[change]") {
  file_change c;
  c.path = "n.sh";
  c.kind = change_kind::add;
  c.mode = file_mode::executable;
  c.content = "x\n";
  CHECK(diff(c) == "diff --git a/n.sh b/n.sh\nnew file mode 100755\n"
                   "--- /dev/null\n+++ b/n.sh\n@@ -0,0 +1 @@\n+x\n");
  c.kind = change_kind::remove;
  c.mode = file_mode::regular;
  std::swap(c.before, c.content);
  CHECK(diff(c) == "diff --git a/n.sh b/n.sh\ndeleted file mode 100644\n"
                   "--- a/n.sh\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n");
  c.kind = change_kind::rename;
  c.old_path = "o.sh";
  c.content = c.before;
  CHECK(diff(c) == "diff --git a/o.sh b/n.sh\nrename from o.sh\n"
                   "rename to n.sh\n");
}

TEST_CASE("a missing newline at the end is said", "[change]") {
  file_change c;
  c.path = "a";
  c.before = "x";
  c.content = "x\n";
  CHECK(diff(c).ends_with("-x\n\\ No newline at end of file\n+x\n"));
}

TEST_CASE("binary content is named, not shown", "[change]") {
  file_change c;
  c.path = "a";
  c.before = std::string("x\0y", 3);
  c.content = "z";
  CHECK(diff(c) == "diff --git a/a b/a\nBinary files a/a and b/a differ\n");
}
