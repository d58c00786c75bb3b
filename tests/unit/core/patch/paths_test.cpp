#include "core/patch/paths.hpp"

#include "tests/unit/core/patch/memory_tree.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace pj::test;
using patch::edit_state;

namespace {

outcome create(const std::string& path, const file_map& files = {}) {
  return run(files, "*** Begin Patch\n*** Add File: " + path +
                      "\n+x\n*** End Patch\n");
}

} // namespace

TEST_CASE("paths that leave the tree or are no plain files are refused",
          "[patch][paths]") {
  for (const std::string path : {"../x",
                                 "a/../../x",
                                 "a/..",
                                 "/etc/passwd",
                                 "~/x",
                                 "C:/x",
                                 "c:x",
                                 "a\\..\\x",
                                 ".git/config",
                                 ".GIT/hooks/pre-commit",
                                 ".git./config",
                                 ".git /config",
                                 ".gIt::$INDEX_ALLOCATION/x",
                                 "git~1/config",
                                 "sub/.git/hooks/post-checkout",
                                 ".g\xe2\x80\x8cit/config",
                                 "CON",
                                 "nul.txt",
                                 "a/COM1.log",
                                 "LPT9",
                                 "aux .c",
                                 "a/./b",
                                 "a\x01"
                                 "b"}) {
    INFO(path);
    const auto out = create(path);
    REQUIRE_FALSE(out.applied);
    CHECK(out.no.staged.files.empty());
    CHECK(out.no.edits.front().state == edit_state::unsafe);
  }
  for (const std::string path : {".gitignore", ".github/x", "git/x", "console",
                                 "a..b/c", "...", "com10", "nullable.c"}) {
    INFO(path);
    CHECK(create(path).applied);
  }
}

TEST_CASE("old paths, new paths and moves are all checked", "[patch][paths]") {
  const file_map files = {{"a.txt", "alpha\n"}};
  for (const std::string answer :
       {"--- a/../../x\n+++ b/../../x\n@@ -1 +1 @@\n-alpha\n+A\n",
        "--- /etc/passwd\n+++ /etc/passwd\n@@ -1 +1 @@\n-root\n+A\n",
        "*** Begin Patch\n*** Delete File: ../a.txt\n*** End Patch\n",
        "*** Begin Patch\n*** Update File: a.txt\n*** Move to: .git/x\n"
        "@@\n-alpha\n+A\n*** End Patch\n",
        "diff --git a/a.txt b/../b.txt\nrename from a.txt\n"
        "rename to ../b.txt\n",
        "../x.txt\n<<<<<<< SEARCH\nalpha\n=======\nA\n>>>>>>> REPLACE\n"}) {
    INFO(answer);
    const auto out = run(files, answer);
    REQUIRE_FALSE(out.applied);
    CHECK(out.files == files);
  }
}

TEST_CASE("nothing is written through a link or into a submodule",
          "[patch][paths]") {
  memory_tree tree(
    {{"dir", "/etc"}, {"file", "a.txt"}, {"sub", ""}, {"a.txt", "alpha\n"}});
  tree.with_mode("dir", file_mode::symlink)
    .with_mode("file", file_mode::symlink)
    .with_mode("sub", file_mode::submodule);
  for (const std::string path : {"dir/passwd", "file", "sub/x", "a.txt/x"})
    for (const std::string verb : {"Add", "Delete", "Update"}) {
      INFO(verb << ' ' << path);
      const auto verdict =
        patch::read_and_plan("*** Begin Patch\n*** " + verb + " File: " + path +
                               (verb == "Delete" ? "\n"
                                : verb == "Add"  ? "\n+x\n"
                                                 : "\n@@\n-alpha\n+x\n") +
                               "*** End Patch\n",
                             tree);
      CHECK(std::holds_alternative<patch::refusal>(verdict));
    }
}

TEST_CASE("a file cannot take the place of a folder", "[patch][paths]") {
  CHECK_FALSE(create("src", {{"src/a.c", "x\n"}}).applied);
}

TEST_CASE("another case or Unicode form is the tracked file, or refused",
          "[patch][paths]") {
  const file_map files = {{"Src/Main.c", "alpha\n"},
                          {"caf\xc3\xa9.txt", "b\n"}};
  const auto out = run(files, "--- a/src/main.c\n+++ b/src/main.c\n"
                              "@@ -1 +1 @@\n-alpha\n+A\n");
  REQUIRE(out.applied);
  CHECK(out.files.at("Src/Main.c") == "A\n");
  CHECK(out.files.size() == 2);
  CHECK_FALSE(create("src/main.c", files).applied);
  CHECK_FALSE(create("cafe\xcc\x81.txt", files).applied);
  const auto twice = run({}, "*** Begin Patch\n*** Add File: A.txt\n+x\n"
                             "*** Add File: a.txt\n+y\n*** End Patch\n");
  CHECK_FALSE(twice.applied);
}

TEST_CASE("a wrong path with one namesake that fits is repaired",
          "[patch][paths]") {
  const file_map files = {{"lib/core/util.py", "alpha\nbeta\n"},
                          {"tests/util.py", "gamma\n"}};
  const auto out = run(files, "--- a/core/util.py\n+++ b/core/util.py\n"
                              "@@ @@\n alpha\n-beta\n+B\n");
  REQUIRE(out.applied);
  CHECK(out.files.at("lib/core/util.py") == "alpha\nB\n");
  REQUIRE_FALSE(out.yes.change.notes.empty());
  CHECK(out.yes.change.notes.front().find("lib/core/util.py") !=
        std::string::npos);
  const auto none = run(files, "--- a/util.py\n+++ b/util.py\n"
                               "@@ @@\n-delta\n+D\n");
  REQUIRE_FALSE(none.applied);
  CHECK(none.no.reason.find("did you mean") != std::string::npos);
  const auto two =
    run({{"x/util.py", "alpha\nbeta\n"}, {"y/util.py", "alpha\nbeta\n"}},
        "--- a/util.py\n+++ b/util.py\n@@ @@\n-beta\n+B\n");
  CHECK_FALSE(two.applied);
}

TEST_CASE("lines to add without old text go to no namesake", "[patch][paths]") {
  CHECK_FALSE(run({{"src/util.py", "x = 1\n"}},
                  "*** Begin Patch\n*** Update File: lib/util.py\n@@\n"
                  "+y = 2\n*** End Patch\n")
                .applied);
}

TEST_CASE("risky paths", "[patch][paths]") {
  for (const std::string path :
       {".github/workflows/ci.yml", "sub/.github/workflows/x.yml",
        ".gitlab-ci.yml", "Dockerfile", "docker/Dockerfile.dev", "package.json",
        "web/package.json", "install.sh", ".husky/pre-commit", "Makefile",
        "requirements-dev.txt", "docker-compose.yml"})
    CHECK(patch::is_risky_path(path));
  for (const std::string path : {"src/main.c", "docs/shell.md", "a.github.txt"})
    CHECK_FALSE(patch::is_risky_path(path));
}

TEST_CASE("sizes and counts have caps", "[patch][paths]") {
  const file_map files = {{"a.txt", "alpha\n"}};
  patch::options small;
  small.max_answer = 100;
  CHECK(run(files, std::string(101, 'x'), small).no.reason.find("larger") !=
        std::string::npos);
  small = {};
  small.max_edits = 2;
  std::string many = "--- a/a.txt\n+++ b/a.txt\n";
  for (int i = 0; i < 3; ++i)
    many += "@@ -1 +1 @@\n-alpha\n+A\n";
  CHECK(run(files, many, small).no.reason.find("more than 2 edits") !=
        std::string::npos);
  small = {};
  small.max_files = 1;
  CHECK(run(files,
            "*** Begin Patch\n*** Add File: x\n+x\n*** Add File: y\n+y\n"
            "*** End Patch\n",
            small)
          .no.reason.find("more than 1 files") != std::string::npos);
}

TEST_CASE("bytes no answer may hold", "[patch][paths]") {
  using namespace std::string_literals;
  const file_map files = {{"a.txt", "alpha\n"}};
  CHECK(run(files, "--- a/a.txt\n+++ b/a.txt\n@@ @@\n-alpha\n+\0\n"s)
          .no.reason.find("NUL") != std::string::npos);
  CHECK(run(files, "--- a/a.txt\n+++ b/a.txt\n@@ @@\n-alpha\n+\xff\n")
          .no.reason.find("UTF-8") != std::string::npos);
}

TEST_CASE("a hundred thousand hunks are refused soon", "[patch][paths]") {
  std::string many = "--- a/a.txt\n+++ b/a.txt\n";
  for (int i = 0; i < 100'000; ++i)
    many += "@@ -1 +1 @@\n-alpha\n+A\n";
  CHECK_FALSE(run({{"a.txt", "alpha\n"}}, many).applied);
}
