#include "tests/unit/adapters/git/stalling_proxy.hpp"
#include "tests/unit/adapters/git/world.hpp"

#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace pj;
using namespace pj::test;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string push(world& w, const commit_request& request,
                 const std::string& branch = "pj/t1",
                 const std::string& lease = "") {
  return need(w.engine().push({w.remote, request, branch, lease}, {}));
}

/// What a commit changed, as git tells it.
std::string changes(const world& w, const std::string& id) {
  return git_in(w.server.folder("o/r"), {"diff-tree", "-r", "--no-commit-id",
                                         "--no-renames", "--abbrev=1", id});
}

std::string names(const world& w, const std::string& id) {
  return git_in(w.server.folder("o/r"), {"ls-tree", "-r", "--name-only", id});
}

} // namespace

TEST_CASE("git: the same request makes the same commit") {
  world w;
  w.seed();
  const auto request = commit_on(need(w.fetch()), {add("x", "y")});
  const auto id = need(w.engine().commit_id(request, {}));
  world elsewhere;
  elsewhere.seed();
  auto again = request;
  again.parent = need(elsewhere.fetch());
  CHECK(need(elsewhere.engine().commit_id(again, {})) == id);
  CHECK(push(w, request) == id);
  again = request;
  again.when += std::chrono::seconds{1};
  CHECK(need(w.engine().commit_id(again, {})) != id);
}

TEST_CASE("git: a commit that is not pushed leaves nothing on disk") {
  world w;
  w.seed();
  const auto s = need(w.fetch());
  const auto count = [&] { return git_in(s.mirror, {"count-objects", "-v"}); };
  const auto before = count();
  (void)need(w.engine().commit_id(commit_on(s, {add("x", "y")}), {}));
  push(w, commit_on(s, {add("x", "z")}));
  CHECK(count() == before);
}

TEST_CASE("git: modes are kept as the change says") {
  world w;
  w.seed();
  const auto id =
    push(w, commit_on(need(w.fetch()),
                      {modify("README.md", "x\n", file_mode::executable),
                       add("link", "README.md", file_mode::symlink),
                       modify("run.sh", "#!/bin/sh\n", file_mode::regular)}));
  const auto tree = git_in(w.server.folder("o/r"), {"ls-tree", "-r", id});
  CHECK_THAT(tree, ContainsSubstring("100755 blob") &&
                     ContainsSubstring("120000 blob") &&
                     ContainsSubstring("\tlink"));
  CHECK_THAT(changes(w, id), ContainsSubstring(":100755 100644") &&
                               ContainsSubstring("M\trun.sh"));
}

TEST_CASE("git: files and folders take each other's place") {
  world w;
  w.server.commit("o/r", "main",
                  {{"a", "file"}, {"b/c/d", "deep"}, {"b/e", "e"}, {"z", "z"}});
  const auto s = need(w.fetch());
  SECTION("a file becomes a folder") {
    CHECK(names(w, push(w, commit_on(s, {removal("a"), add("a/b", "x")}))) ==
          "a/b\nb/c/d\nb/e\nz");
  }
  SECTION("a folder becomes a file") {
    CHECK(names(w, push(w, commit_on(s, {add("b", "x"), removal("b/c/d"),
                                         removal("b/e")}))) == "a\nb\nz");
  }
  SECTION("the last file of a folder goes") {
    const auto id = push(w, commit_on(s, {removal("b/c/d")}));
    CHECK(names(w, id) == "a\nb/e\nz");
    CHECK(git_in(w.server.folder("o/r"),
                 {"ls-tree", "--name-only", id + ":b"}) == "e");
  }
  SECTION("everything goes") {
    const auto id = push(w, commit_on(s, {removal("a"), removal("b/c/d"),
                                          removal("b/e"), removal("z")}));
    CHECK(names(w, id).empty());
  }
  SECTION("a file is renamed into a new folder") {
    const auto id = push(w, commit_on(s, {rename("a", "n/m/a", "file")}));
    CHECK(names(w, id) == "b/c/d\nb/e\nn/m/a\nz");
  }
  SECTION("two files change names") {
    const auto id =
      push(w, commit_on(s, {rename("z", "a", "z"), rename("a", "z", "file")}));
    CHECK(git_in(w.server.folder("o/r"), {"show", id + ":a"}) == "z");
    CHECK(git_in(w.server.folder("o/r"), {"show", id + ":z"}) == "file");
  }
  SECTION("a file put under what stays a file is refused") {
    const auto f =
      need_failure(w.engine().commit_id(commit_on(s, {add("a/b", "x")}), {}));
    CHECK(f.kind == failure_class::fail);
  }
  CHECK(git_in(w.server.folder("o/r"), {"fsck", "--full", "--strict"}).empty());
}

TEST_CASE("git: what cannot be a commit is refused in one line") {
  world w;
  w.seed();
  const auto s = need(w.fetch());
  const auto refusal = [&](const commit_request& request) {
    const auto f = need_failure(w.engine().commit_id(request, {}));
    CHECK(f.kind == failure_class::fail);
    CHECK(f.code == failure_code::git);
    return f.what;
  };
  CHECK_THAT(refusal(commit_on(s, {modify("README.md", "hello\n")})),
             ContainsSubstring("nothing to commit"));
  CHECK_THAT(refusal(commit_on(s, {})), ContainsSubstring("nothing to commit"));
  CHECK_THAT(refusal(commit_on(s, {removal("nowhere")})),
             ContainsSubstring("nowhere"));
  for (const char* path : {".git/config", "a/.GIT/x", "../x", "a/../x", "/x",
                           "a//b", "a/./b", "", "a/"})
    CHECK_THAT(refusal(commit_on(s, {add(path, "x")})),
               ContainsSubstring(path));
  CHECK_THAT(refusal(commit_on(
               s, {add("m", std::string(40, 'a'), file_mode::submodule)})),
             ContainsSubstring("submodule"));
  auto request = commit_on(s, {add("x", "y")});
  request.author_name = "A <b>";
  CHECK_THAT(refusal(request), ContainsSubstring("author"));
  request = commit_on(s, {add("x", "y")});
  request.message = std::string("a\0b", 3);
  CHECK_THAT(refusal(request), ContainsSubstring("message"));
}

TEST_CASE("git: pushing again does nothing") {
  world w;
  w.seed();
  const auto request = commit_on(need(w.fetch()), {add("x", "y")});
  const auto id = push(w, request);
  w.server.set_update_hook("o/r", "exit 1\n");
  CHECK(push(w, request) == id);
  CHECK(push(w, request, "pj/t1", id) == id);
}

TEST_CASE("git: the lease decides about a branch that exists") {
  world w;
  w.seed();
  const auto s = need(w.fetch());
  const auto request = commit_on(s, {add("x", "y")});
  const auto theirs =
    w.server.commit("o/r", "pj/t1", {{"x", "theirs"}}, "theirs");
  SECTION("it must not exist") {
    const auto f =
      need_failure(w.engine().push({w.remote, request, "pj/t1", ""}, {}));
    CHECK(f.kind == failure_class::fail);
    CHECK_THAT(f.what, ContainsSubstring("pj/t1") && ContainsSubstring(theirs));
    CHECK(w.server.tip("o/r", "pj/t1") == theirs);
  }
  SECTION("it is replaced where it is expected") {
    const auto id = push(w, request, "pj/t1", theirs);
    CHECK(w.server.tip("o/r", "pj/t1") == id);
  }
  SECTION("it is elsewhere or gone") {
    CHECK_FALSE(w.engine().push({w.remote, request, "pj/t1", s.commit}, {}));
    CHECK(w.server.tip("o/r", "pj/t1") == theirs);
    const auto f =
      need_failure(w.engine().push({w.remote, request, "pj/none", theirs}, {}));
    CHECK_THAT(f.what, ContainsSubstring("is gone"));
    CHECK(w.server.tip("o/r", "pj/none").empty());
  }
}

TEST_CASE("git: a base that moved on in between costs no whole upload") {
  world w;
  std::string noise;
  for (unsigned i = 0, x = 1; i < 300'000; ++i)
    noise += static_cast<char>((x = x * 1664525u + 1013904223u) >> 24);
  w.server.commit("o/r", "main", {{"noise", noise}, {"a", "1"}});
  const auto s = need(w.fetch());
  w.server.commit("o/r", "main", {{"a", "2"}});
  stalling_proxy proxy(w.server.url("o/r"), 1u << 30);
  auto request = commit_on(s, {add("x", "y")});
  const auto id =
    need(w.engine().push({{proxy.url(), ""}, request, "b", ""}, {}));
  CHECK(w.server.tip("o/r", "b") == id);
  CHECK(proxy.sent() < 20'000);
  CHECK(git_in(w.server.folder("o/r"), {"fsck", "--full", "--strict"}).empty());
}

TEST_CASE("git: an old branch is replaced after its base moved on") {
  world w;
  w.seed();
  w.server.commit("o/r", "main", {{"lib/b.txt", "b\n"}});
  const auto first =
    push(w, commit_on(need(w.fetch()), {modify("src/a.txt", "three\n")}));
  const int moves = GENERATE(1, 3);
  for (int i = 0; i < moves; ++i)
    w.server.commit(
      "o/r", "main",
      {{"src/a.txt", std::to_string(i)}, {"lib/b.txt", std::to_string(i)}});
  w.end_engine();
  const bool keeps_cache = GENERATE(false, true);
  if (!keeps_cache)
    std::filesystem::remove_all(w.options.cache);
  const auto s = need(w.fetch());
  const auto tip = need(w.engine().tip(w.remote, "pj/t1", {}));
  REQUIRE(tip);
  CHECK(tip->commit == first);
  const auto id =
    push(w, commit_on(s, {modify("src/a.txt", "four\n")}), "pj/t1", first);
  CHECK(w.server.tip("o/r", "pj/t1") == id);
  CHECK(git_in(w.server.folder("o/r"),
               {"fsck", "--full", "--strict", "--no-dangling"})
          .empty());
}

TEST_CASE("git: over file:// too") {
  world w;
  w.remote = {w.server.file_url("o/r"), ""};
  const auto base = w.seed();
  const auto s = need(w.fetch());
  CHECK(s.commit == base);
  const auto id = push(w, commit_on(s, {add("x", "y")}));
  CHECK(w.server.tip("o/r", "pj/t1") == id);
  CHECK(need(w.engine().tip(w.remote, "pj/t1", {}))->commit == id);
  CHECK_FALSE(w.engine().push(
    {w.remote, commit_on(s, {add("x", "z")}), "pj/t1", ""}, {}));
  CHECK(git_in(w.server.folder("o/r"), {"fsck", "--full", "--strict"}).empty());
}
