#include "tests/unit/core/patch/memory_tree.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace pj::test;
using patch::edit_state;

namespace {

const std::string file = "first line\nsecond line\nthird line\nfourth line\n"
                         "fifth line\nsixth line\n";

std::string fenced(const std::string& hunks) {
  return "```diff\n--- a/a.txt\n+++ b/a.txt\n" + hunks + "```\n";
}

const std::string one = "@@ @@\n first line\n-second line\n+2nd\n third line\n";
const std::string other =
  "@@ @@\n first line\n-second line\n+two\n third line\n";
const std::string wrong =
  "@@ @@\n first line\n-second row\n+two\n third line\n";
const std::string far = "@@ @@\n fifth line\n-sixth line\n+6th\n";

} // namespace

TEST_CASE("the first draft that fits wins, the next is not put on top",
          "[patch][drafts]") {
  const auto out =
    run({{"a.txt", file}}, fenced(one) + "Wait, better:\n" + fenced(other));
  REQUIRE(out.applied);
  CHECK(out.files.at("a.txt").find("2nd\n") != std::string::npos);
  CHECK(out.files.at("a.txt").find("two\n") == std::string::npos);
  CHECK(out.yes.edits.back().state == edit_state::skipped);
}

TEST_CASE("a draft that does not fit gives way to one that does",
          "[patch][drafts]") {
  const auto out = run({{"a.txt", file}},
                       fenced(wrong) + "No, this is right:\n" + fenced(other));
  REQUIRE(out.applied);
  CHECK(out.files.at("a.txt").find("two\n") != std::string::npos);
}

TEST_CASE("nothing of a draft that fits in part is left behind",
          "[patch][drafts]") {
  const auto out =
    run({{"a.txt", file}}, fenced(wrong + far) + "Again:\n" +
                             fenced(other + "@@ @@\n fifth line\n-sixth line\n"
                                            "+six\n"));
  REQUIRE(out.applied);
  CHECK(out.files.at("a.txt") ==
        "first line\ntwo\nthird line\nfourth line\nfifth line\nsix\n");
}

TEST_CASE("another change to the same file is no draft", "[patch][drafts]") {
  const auto out =
    run({{"a.txt", file}}, fenced(one) + "and further down\n" + fenced(far));
  REQUIRE(out.applied);
  CHECK(out.files.at("a.txt").find("2nd\n") != std::string::npos);
  CHECK(out.files.at("a.txt").ends_with("6th\n"));
}

TEST_CASE("an edit without a place is not forgotten because another has one",
          "[patch][drafts]") {
  const auto out =
    run({{"a.txt", file}}, fenced(wrong) + "and further down\n" + fenced(far));
  REQUIRE_FALSE(out.applied);
  REQUIRE(out.no.staged.files.size() == 1);
  CHECK(out.no.staged.files.front().content.ends_with("6th\n"));
}

TEST_CASE("drafts that add lines in places with the same result",
          "[patch][drafts]") {
  const std::string text = "x = 1\n\n@flag\ndef f():\n    pass\n";
  const auto out = run({{"a.txt", text}},
                       fenced("@@ @@\n x = 1\n \n @flag\n+def g():\n"
                              "+    pass\n+\n+@flag\n def f():\n") +
                         "better\n" +
                         fenced("@@ @@\n x = 1\n \n+def g():\n+    pass\n+\n"
                                " @flag\n def f():\n"));
  REQUIRE(out.applied);
  CHECK(out.files.at("a.txt") ==
        "x = 1\n\n@flag\ndef g():\n    pass\n\n@flag\ndef f():\n"
        "    pass\n");
}

TEST_CASE("staged edits are kept and need not be sent again",
          "[patch][staged]") {
  const file_map files = {{"a.txt", file}, {"b.txt", file}};
  const auto first = run(files, fenced(wrong + far) +
                                  "*** Begin Patch\n*** Add File: c.txt\n+c\n"
                                  "*** End Patch\n");
  REQUIRE_FALSE(first.applied);
  REQUIRE(first.no.staged.files.size() == 2);
  CHECK(first.no.for_model.find("The other 2 edits") != std::string::npos);
  patch::options how;
  how.staged = &first.no.staged;
  const auto second = run(files, fenced(other), how);
  REQUIRE(second.applied);
  CHECK(second.files.at("a.txt") ==
        "first line\ntwo\nthird line\nfourth line\nfifth line\n6th\n");
  CHECK(second.files.at("c.txt") == "c\n");
  for (const auto& c : second.yes.change.files)
    if (c.path == "a.txt")
      CHECK(c.before == file);
}

TEST_CASE("staged edits that are sent again are there already",
          "[patch][staged]") {
  const file_map files = {{"a.txt", file}};
  const auto first = run(files, fenced(wrong + far));
  patch::options how;
  how.staged = &first.no.staged;
  const auto second = run(files, fenced(other + far), how);
  REQUIRE(second.applied);
  CHECK(second.files.at("a.txt").ends_with("6th\n"));
}

TEST_CASE("staged edits survive an answer that cannot be read",
          "[patch][staged]") {
  const file_map files = {{"a.txt", file}};
  const auto first = run(files, fenced(wrong + far));
  patch::options how;
  how.staged = &first.no.staged;
  const auto second = run(files, "Sorry.\n", how);
  REQUIRE_FALSE(second.applied);
  CHECK(second.no.staged.files.size() == 1);
}

TEST_CASE("staged deletions and moves", "[patch][staged]") {
  const file_map files = {{"a.txt", file}, {"b.txt", "b\n"}, {"c.txt", "c\n"}};
  const auto first = run(
    files, "*** Begin Patch\n*** Delete File: b.txt\n*** Update File: c.txt\n"
           "*** Move to: d.txt\n@@\n-c\n+d\n*** Update File: a.txt\n@@\n"
           "-second row\n+x\n*** End Patch\n");
  REQUIRE_FALSE(first.applied);
  patch::options how;
  how.staged = &first.no.staged;
  const auto second = run(files, fenced(other), how);
  REQUIRE(second.applied);
  CHECK(second.files.count("b.txt") == 0);
  CHECK(second.files.count("c.txt") == 0);
  CHECK(second.files.at("d.txt") == "d\n");
}

TEST_CASE("an applied answer applied again changes nothing",
          "[patch][already]") {
  const auto answer = fenced(one + far);
  const auto first = run({{"a.txt", file}}, answer);
  REQUIRE(first.applied);
  const auto second = run(first.files, answer);
  REQUIRE(second.applied);
  CHECK(second.yes.change.files.empty());
  CHECK(second.yes.edits.front().state == edit_state::already_there);
}

TEST_CASE("other lines in the same gap are no draft", "[patch][drafts]") {
  const auto add = [](const std::string& line) {
    return "a.txt\n<<<<<<< SEARCH\nfirst line\n=======\nfirst line\n" + line +
           "\n>>>>>>> REPLACE\n";
  };
  const auto both =
    after(file, add("import os") + "Then:\n" + add("import re"));
  CHECK(both.find("import os\n") != std::string::npos);
  CHECK(both.find("import re\n") != std::string::npos);
  const auto once =
    after(file, add("import os") + "Then:\n" + add("import os"));
  CHECK(once == "first line\nimport os\n" + file.substr(11));
}

TEST_CASE("what is new in a later draft is done too", "[patch][drafts]") {
  const auto mid = "@@ @@\n third line\n-fourth line\n+4th\n";
  CHECK(
    after(file, fenced(one + far) + "All of it:\n" + fenced(one + mid + far)) ==
    "first line\n2nd\nthird line\n4th\nfifth line\n6th\n");
}

TEST_CASE("a file shown as it is and then changed is changed",
          "[patch][drafts]") {
  const auto shown = [](const std::string& text) {
    return "a.txt\n```text\n" + text + "```\n\n";
  };
  const auto changed = "first line\n2nd\n" + file.substr(23);
  CHECK(after(file, "Now:\n\n" + shown(file) + "Changed:\n\n" +
                      shown(changed)) == changed);
}
