#include "tests/unit/core/patch/memory_tree.hpp"

#include "core/patch/elide.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace pj::test;

namespace {

const std::string source = "import os\n\n\ndef one():\n    return 1\n\n\n"
                           "def two():\n    return 2\n";

bool is_whole_refused(const std::string& line) {
  return after(source,
               "FILE: a.txt\nimport os\n\n\ndef one():\n    return 11\n\n" +
                 line + "\n---\n")
    .starts_with("REFUSED");
}

} // namespace

TEST_CASE("comments that stand for lines left out", "[patch][elide]") {
  for (const auto* text :
       {"# ...", "// ... rest of the code",
        "# rest of the file remains"
        " unchanged",
        "# (rest of the code stays the same)", "# existing code here",
        "# [... unchanged ...]", "# Rest of the methods...",
        "# other methods unchanged", "{/* ... existing content ... */}",
        "<!-- existing content -->", "/* Rest of the implementation */"}) {
    INFO(text);
    CHECK(patch::is_comment_elision(text));
  }
}

TEST_CASE("code and comments that only look like it", "[patch][elide]") {
  for (const auto* text :
       {"...", "{...props}", "[...list]", "f(...args)", "# other methods",
        "# existing code paths must not change", "# Loading...",
        "# rest of the arguments are passed on", "# all tests pass here",
        "# the file", "rest of the code", "", "()"}) {
    INFO(text);
    CHECK_FALSE(patch::is_comment_elision(text));
  }
}

TEST_CASE("a whole file that leaves lines out in words is refused",
          "[patch][elide]") {
  CHECK(is_whole_refused("# existing code here"));
  CHECK(is_whole_refused("..."));
  CHECK_FALSE(is_whole_refused("def three():\n    ..."));
}

TEST_CASE("an elision that only the new text has deletes no lines",
          "[patch][elide]") {
  CHECK(after(source, "a.txt\n<<<<<<< SEARCH\ndef one():\n    return 1\n"
                      "=======\ndef one():\n    # ... existing code ...\n"
                      "    return 11\n>>>>>>> REPLACE\n")
          .starts_with("REFUSED"));
  CHECK(after(source, "--- a/a.txt\n+++ b/a.txt\n@@ @@\n def one():\n"
                      "-    return 1\n+    # ... rest unchanged ...\n")
          .starts_with("REFUSED"));
}

TEST_CASE("an elision the file has may be written", "[patch][elide]") {
  CHECK(after("f(1)\n# ... and so on\n",
              "a.txt\n<<<<<<< SEARCH\nf(1)\n# ... and so on\n=======\n"
              "f(2)\n  # ... and so on\n>>>>>>> REPLACE\n") ==
        "f(2)\n  # ... and so on\n");
}
