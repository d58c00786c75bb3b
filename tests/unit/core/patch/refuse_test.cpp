#include "tests/unit/core/patch/memory_tree.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace pj::test;

namespace {

std::string long_file() {
  std::string out;
  for (int i = 1; i <= 300; ++i)
    out += "value_" + std::to_string(i) + " = compute(" +
           std::to_string(i * 7) + ")\n";
  return out;
}

} // namespace

TEST_CASE("a refusal shows the most similar lines with numbers",
          "[patch][refuse]") {
  const auto out = run({{"a.txt", long_file()}},
                       "--- a/a.txt\n+++ b/a.txt\n@@ @@\n"
                       " value_99 = compute(693)\n"
                       "-value_100 = compute(700, x)\n+value_100 = 0\n"
                       " value_101 = compute(707)\n");
  REQUIRE_FALSE(out.applied);
  const auto& e = out.no.edits.front();
  CHECK(e.closest.find("100| value_100 = compute(700)") != std::string::npos);
  CHECK(out.no.for_model.find(e.closest) != std::string::npos);
  CHECK(out.no.reason.find("patch") != std::string::npos);
  CHECK(out.no.reason.find('\n') == std::string::npos);
}

TEST_CASE("without a common line the nearest relative is shown",
          "[patch][refuse]") {
  const auto out =
    run({{"a.txt", "int a;\nstatic int width_of_page(int n);\n"}},
        "--- a/a.txt\n+++ b/a.txt\n@@ @@\n"
        "-static int width_of_pages(int n) ;\n+x\n");
  REQUIRE_FALSE(out.applied);
  CHECK(out.no.edits.front().closest.find(
          "2| static int width_of_page(int n)") != std::string::npos);
}

TEST_CASE("nothing similar, nothing shown", "[patch][refuse]") {
  const auto out = run({{"a.txt", "int a;\nint b;\n"}},
                       "--- a/a.txt\n+++ b/a.txt\n@@ @@\n"
                       "-completely unrelated prose here\n+x\n");
  REQUIRE_FALSE(out.applied);
  CHECK(out.no.edits.front().closest.empty());
}

TEST_CASE("the file that holds the text is named", "[patch][refuse]") {
  const auto out =
    run({{"a.py", "x = 1\n"}, {"lib/b.py", "def far(n):\n    go(n)\n"}},
        "--- a/a.py\n+++ b/a.py\n@@ @@\n-def far(n):\n"
        "-    go(n)\n+y\n");
  REQUIRE_FALSE(out.applied);
  CHECK(out.no.reason.find("it is in lib/b.py") != std::string::npos);
}

TEST_CASE("the message is capped and says how many more there are",
          "[patch][refuse]") {
  std::string answer = "--- a/a.txt\n+++ b/a.txt\n";
  for (int i = 1; i <= 300; ++i)
    answer += "@@ @@\n-value_" + std::to_string(i) + " = missing(" +
              std::to_string(i) + ")\n+x\n";
  const auto out = run({{"a.txt", long_file()}}, answer);
  REQUIRE_FALSE(out.applied);
  CHECK(out.no.for_model.size() <= 12'000);
  CHECK(out.no.for_model.find("more edits of the same kind") !=
        std::string::npos);
}

TEST_CASE("terminal codes of an answer do not reach the reason",
          "[patch][refuse]") {
  const auto out = run({}, "--- a/x\x1b[31m.txt\n+++ b/x\x1b[31m.txt\n@@ @@\n"
                           "-a\n+b\n");
  REQUIRE_FALSE(out.applied);
  CHECK(out.no.reason.find('\x1b') == std::string::npos);
}

TEST_CASE("files are read only when an edit is about them", "[patch][refuse]") {
  file_map files;
  for (int i = 0; i < 500; ++i)
    files["f" + std::to_string(i) + ".txt"] = "text\n";
  const memory_tree tree(files);
  const auto verdict = patch::read_and_plan(
    "--- a/f7.txt\n+++ b/f7.txt\n@@ @@\n-text\n+other\n", tree);
  CHECK(std::holds_alternative<patch::plan>(verdict));
  CHECK(tree.reads <= 1);
}
