#include "tests/unit/adapters/git/world.hpp"

#include <catch2/generators/catch_generators.hpp>

using namespace pj;
using namespace pj::test;

namespace {

/// http, http with a token, TLS with a token.
git_server::options any_server() {
  return GENERATE(git_server::options{},
                  git_server::options{"s3cret-tok", false},
                  git_server::options{"s3cret-tok", true});
}

} // namespace

TEST_CASE("git: fetch reads the tree of a branch") {
  world w(any_server());
  const auto commit = w.seed();
  const auto s = need(w.fetch());
  CHECK(s.commit == commit);
  CHECK(s.base == "main");
  CHECK(s.warnings.empty());
  REQUIRE(s.tree->entries().size() == 3);
  const auto* script = s.tree->find("run.sh");
  REQUIRE(script);
  CHECK(script->mode == file_mode::executable);
  CHECK(script->size == 10);
  CHECK(need(s.tree->read("src/a.txt")) == "one\ntwo\n");
  CHECK_FALSE(s.tree->read("src"));
}

TEST_CASE("git: push changes exactly the files of the change") {
  world w(any_server());
  const auto base = w.seed();
  const auto s = need(w.fetch());
  const auto request =
    commit_on(s, {add("docs/new.md", "new\n"), removal("README.md"),
                  modify("src/a.txt", "one\n2\n")});
  const auto id = need(w.engine().push({w.remote, request, "pj/t1", ""}, {}));
  CHECK(w.server.tip("o/r", "pj/t1") == id);
  const auto folder = w.server.folder("o/r");
  CHECK(git_in(folder, {"diff", "--name-status", "--no-renames", base, id}) ==
        "D\tREADME.md\nA\tdocs/new.md\nM\tsrc/a.txt");
  CHECK(git_in(folder, {"show", id + ":src/a.txt"}) == "one\n2");
  CHECK(
    git_in(folder, {"log", "-1", "--format=%an <%ae> %at|%cn %ct|%P", id}) ==
    "Pithy Jaunt Bot <bot@pithy-jaunt.dev> 1800000000|"
    "Pithy Jaunt Bot 1800000000|" +
      base);
  CHECK(git_in(folder, {"log", "-1",
                        "--format=%(trailers:key=Pithy-Jaunt-Task,"
                        "valueonly,separator=)",
                        id}) == "t1");
  CHECK(git_in(folder, {"fsck", "--full", "--strict"}).empty());
  CHECK(w.server.tip("o/r", "main") == base);
}

TEST_CASE("git: tip tells where a branch is") {
  world w(any_server());
  w.seed();
  CHECK_FALSE(need(w.engine().tip(w.remote, "pj/t1", {})));
  const auto id = w.server.commit("o/r", "pj/t1", {{"x", "y"}},
                                  "theirs\n\nPithy-Jaunt-Task: t1\n");
  const auto tip = need(w.engine().tip(w.remote, "pj/t1", {}));
  REQUIRE(tip);
  CHECK(tip->commit == id);
  CHECK(tip->message == "theirs\n\nPithy-Jaunt-Task: t1\n");
}
