#include "tests/unit/core/patch/memory_tree.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace pj::test;

namespace {

const std::string abc = "alpha\nbeta\ngamma\n";

std::string envelope(const std::string& body) {
  return "*** Begin Patch\n" + body + "*** End Patch\n";
}

} // namespace

TEST_CASE("apply_patch: add, delete, update, move", "[patch][apply_patch]") {
  const auto out = run({{"a.txt", abc}, {"old.txt", "x\n"}, {"m.txt", "m\n"}},
                       envelope("*** Add File: n/new.txt\n+one\n+\n+two\n"
                                "*** Delete File: old.txt\n"
                                "*** Update File: a.txt\n@@\n alpha\n-beta\n"
                                "+B\n*** Update File: m.txt\n"
                                "*** Move to: k/m.txt\n@@\n-m\n+M\n"));
  REQUIRE(out.applied);
  CHECK(out.files == file_map{{"a.txt", "alpha\nB\ngamma\n"},
                              {"k/m.txt", "M\n"},
                              {"n/new.txt", "one\n\ntwo\n"}});
}

TEST_CASE("apply_patch inside a heredoc", "[patch][apply_patch]") {
  CHECK(after(abc, "```bash\napply_patch <<'EOF'\n" +
                     envelope("*** Update File: a.txt\n@@\n-beta\n+B\n") +
                     "EOF\n```\n") == "alpha\nB\ngamma\n");
}

TEST_CASE("apply_patch: lines to add go to the anchor, else to the end",
          "[patch][apply_patch]") {
  CHECK(after(abc, envelope("*** Update File: a.txt\n@@ alpha\n+new\n")) ==
        "alpha\nnew\nbeta\ngamma\n");
  CHECK(after(abc, envelope("*** Update File: a.txt\n@@\n+new\n")) ==
        "alpha\nbeta\ngamma\nnew\n");
  CHECK(after("x\nalpha\nx\n", envelope("*** Update File: a.txt\n@@ x\n+n\n"))
          .starts_with("REFUSED"));
}

TEST_CASE("apply_patch: End of File pins the place", "[patch][apply_patch]") {
  CHECK(after("same\nmid\nsame\n",
              envelope("*** Update File: a.txt\n@@\n-same\n+last\n"
                       "*** End of File\n")) == "same\nmid\nlast\n");
}

TEST_CASE("apply_patch: all or nothing", "[patch][apply_patch]") {
  const auto out = run({{"a.txt", abc}},
                       envelope("*** Add File: new.txt\n+hello\n"
                                "*** Update File: none.txt\n@@\n-old\n+new\n"));
  CHECK_FALSE(out.applied);
  CHECK(out.no.staged.files.size() == 1);
}

TEST_CASE("apply_patch: what makes no sense is refused",
          "[patch][apply_patch]") {
  for (const std::string body :
       {"", "*** Frobnicate File: a.txt\n", "*** Update File: a.txt\n",
        "*** Update File: a.txt\n@@\nno sign\n", "*** Delete File: none\n",
        "*** Add File: \n+x\n"})
    CHECK(after(abc, envelope(body)).starts_with("REFUSED"));
}

TEST_CASE("apply_patch without its end is truncated", "[patch][apply_patch]") {
  const auto out =
    run({{"a.txt", abc}}, "*** Begin Patch\n*** Update File: a.txt\n@@\n-beta\n"
                          "+B\n");
  REQUIRE_FALSE(out.applied);
  CHECK(out.no.reason.find("truncated") != std::string::npos);
}

TEST_CASE("whole files by label", "[patch][whole]") {
  const auto out =
    run({{"a.txt", abc}}, "FILE: a.txt\none\ntwo\n---\nFILE: b/c.txt\n"
                          "```\nthree\n```\n---\n");
  REQUIRE(out.applied);
  CHECK(out.files.at("a.txt") == "one\ntwo\n");
  CHECK(out.files.at("b/c.txt") == "three\n");
}

TEST_CASE("whole files in fences under their path", "[patch][whole]") {
  const auto out =
    run({{"a.txt", abc}}, "Here they are.\n\na.txt\n```\none\n```\n\n"
                          "`doc/x.md`\n\n````markdown\n# X\n```c\nint x;\n```\n"
                          "````\n");
  REQUIRE(out.applied);
  CHECK(out.files.at("a.txt") == "one\n");
  CHECK(out.files.at("doc/x.md") == "# X\n```c\nint x;\n```\n");
}

TEST_CASE("a whole file that leaves lines out is refused", "[patch][whole]") {
  CHECK(after(abc, "a.txt\n```\nalpha\n# ... rest of the file\n```\n")
          .starts_with("REFUSED"));
}

TEST_CASE("a fenced excerpt of a long file is not taken for the file",
          "[patch][whole]") {
  std::string file;
  for (int i = 0; i < 60; ++i)
    file += "line " + std::to_string(i) + '\n';
  const auto answer = "a.txt\n```\nline 3\nline four\nline 5\n```\n";
  CHECK(after(file, answer).starts_with("REFUSED"));
  const auto forced = run({{"a.txt", file}}, answer, {patch::format::whole});
  CHECK(forced.applied);
}

TEST_CASE("a fence that is still open is a truncated file", "[patch][whole]") {
  const auto out = run({{"a.txt", abc}}, "a.txt\n```\none\ntwo");
  REQUIRE_FALSE(out.applied);
  CHECK(out.no.reason.find("truncated") != std::string::npos);
}

TEST_CASE("several formats in one answer", "[patch][mixed]") {
  const auto out = run({{"a.txt", abc}, {"b.txt", abc}, {"c.txt", abc}},
                       "```diff\n--- a/a.txt\n+++ b/a.txt\n@@ @@\n-beta\n+1\n"
                       "```\nand\n\nb.txt\n<<<<<<< SEARCH\nbeta\n=======\n2\n"
                       ">>>>>>> REPLACE\n\n*** Begin Patch\n"
                       "*** Update File: c.txt\n@@\n-beta\n+3\n"
                       "*** End Patch\n");
  REQUIRE(out.applied);
  CHECK(out.files.at("a.txt") == "alpha\n1\ngamma\n");
  CHECK(out.files.at("b.txt") == "alpha\n2\ngamma\n");
  CHECK(out.files.at("c.txt") == "alpha\n3\ngamma\n");
}

TEST_CASE("a chosen format leaves the others alone", "[patch][mixed]") {
  const auto out =
    run({{"a.txt", abc}}, "--- a/a.txt\n+++ b/a.txt\n@@ @@\n-beta\n+1\n",
        {patch::format::search_replace});
  CHECK_FALSE(out.applied);
}

TEST_CASE("an answer without any patch says so", "[patch]") {
  const auto out = run({{"a.txt", abc}}, "I cannot help with that.\n");
  REQUIRE_FALSE(out.applied);
  CHECK(out.no.reason.find("no patch") != std::string::npos);
}

TEST_CASE("an answer the provider cut is refused", "[patch]") {
  patch::options how;
  how.truncated = true;
  const auto out =
    run({{"a.txt", abc}}, "--- a/a.txt\n+++ b/a.txt\n@@ @@\n-beta\n+1\n", how);
  REQUIRE_FALSE(out.applied);
  CHECK(out.no.reason.find("truncated") != std::string::npos);
}
