#include "adapters/git/folder_writer.hpp"
#include "tests/unit/adapters/git/world.hpp"

#include <catch2/matchers/catch_matchers_string.hpp>

#include <fstream>

using namespace pj;
using namespace pj::test;
using Catch::Matchers::ContainsSubstring;
namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Makes a commit whose root tree git would refuse to make, from lines of
/// `git mktree`; sets `main` to it.
void hostile(world& w, const std::string& raw_tree) {
  const auto folder = w.server.folder("o/r");
  const auto at = folder.string();
  auto id = run({"git", "-C", at, "hash-object", "-t", "tree", "-w",
                 "--literally", "--stdin"},
                raw_tree);
  id.pop_back();
  const auto commit = git_in(folder, {"commit-tree", "-m", "x", id});
  git_in(folder, {"update-ref", "refs/heads/main", commit});
}

std::string blob(world& w, const std::string& text) {
  auto id = run({"git", "-C", w.server.folder("o/r").string(), "hash-object",
                 "-w", "--stdin"},
                text);
  id.pop_back();
  return id;
}

/// One entry of a tree object.
std::string entry(const std::string& mode, const std::string& name,
                  const std::string& id) {
  std::string out = mode + " " + name + '\0';
  for (std::size_t i = 0; i < id.size(); i += 2)
    out += static_cast<char>(std::stoi(id.substr(i, 2), nullptr, 16));
  return out;
}

} // namespace

TEST_CASE("git: check_out writes the tree with the change") {
  world w;
  w.server.commit("o/r", "main",
                  {{"README.md", "hello\n"},
                   {"run.sh", "#!/bin/sh\n", "100755"},
                   {"src/deep/a.txt", "a"},
                   {"old", "old"},
                   {"link", "src/deep/a.txt", "120000"},
                   {"out", "../../etc/passwd", "120000"},
                   {"abs", "/etc/passwd", "120000"},
                   {"module", std::string(40, '1'), "160000"}});
  const auto s = need(w.fetch());
  const auto request = commit_on(s, {add("new/x", "x"), removal("README.md"),
                                     rename("old", "src/old", "o")});
  const auto to = w.home.path() / "work";
  (void)need(w.engine().check_out(s, request.change.get(), to, {}));
  CHECK_FALSE(fs::exists(to / "README.md"));
  CHECK_FALSE(fs::exists(to / "old"));
  CHECK(content(to / "src/old") == "o");
  CHECK(content(to / "new/x") == "x");
  CHECK(content(to / "link") == "a");
  CHECK(fs::is_symlink(to / "link"));
  CHECK((fs::status(to / "run.sh").permissions() & fs::perms::owner_exec) !=
        fs::perms::none);
  for (const char* name : {"out", "abs", "module"})
    CHECK_FALSE(fs::exists(fs::symlink_status(to / name)));
}

TEST_CASE("git: check_out wants an empty folder") {
  world w;
  w.seed();
  const auto s = need(w.fetch());
  std::ofstream(w.home.path() / "file") << "x";
  CHECK_THAT(
    need_failure(w.engine().check_out(s, nullptr, w.home.path(), {})).what,
    ContainsSubstring("not empty"));
}

TEST_CASE("git: links stay inside whatever else is there") {
  using git::stays_inside;
  CHECK(stays_inside("a", "b/c"));
  CHECK(stays_inside("x/y/a", "../../b"));
  CHECK(stays_inside("x/a", "./../b"));
  CHECK_FALSE(stays_inside("a", ""));
  CHECK_FALSE(stays_inside("a", "/etc"));
  CHECK_FALSE(stays_inside("a", ".."));
  CHECK_FALSE(stays_inside("x/a", "../../b"));
  CHECK_FALSE(stays_inside("a", "x/y/up/../.."));
  CHECK_FALSE(stays_inside("a", std::string("b\0c", 3)));
}

TEST_CASE("git: nothing is written through a link") {
  scratch_folder home;
  git::folder_writer to;
  REQUIRE(to.open(home.path() / "work"));
  fs::create_directory(home.path() / "outside");
  fs::create_directory_symlink(home.path() / "outside",
                               home.path() / "work" / "dir");
  CHECK_FALSE(to.write("dir/x", file_mode::regular, "x"));
  CHECK(fs::is_empty(home.path() / "outside"));
  REQUIRE(to.write("a", file_mode::regular, "x"));
  CHECK_FALSE(to.write("a", file_mode::regular, "y"));
}

TEST_CASE("git: hostile trees are read without what is not safe") {
  world w;
  const auto id = blob(w, "bad");
  hostile(w, entry("100644", "..", id) + entry("100644", ".GIT", id) +
               entry("100644", "a/b", id) + entry("100644", "ok", id));
  const auto s = need(w.fetch());
  REQUIRE(s.tree->entries().size() == 1);
  CHECK(s.tree->entries()[0].path == "ok");
  REQUIRE(s.warnings.size() == 1);
  CHECK_THAT(s.warnings[0], ContainsSubstring("3 paths"));
  (void)need(w.engine().check_out(s, nullptr, w.home.path() / "work", {}));
  CHECK(content(w.home.path() / "work" / "ok") == "bad");
}

TEST_CASE("git: a folder named like a file, twice") {
  world w;
  const auto id = blob(w, "x");
  const auto sub = git_in(w.server.folder("o/r"), {"write-tree"});
  hostile(w, entry("100644", "a", id) + entry("100644", "a", id) +
               entry("40000", "a", sub));
  CHECK(need(w.fetch()).tree->entries().size() == 1);
}

TEST_CASE("git: odd names are taken as they are") {
  world w;
  const auto id = blob(w, "x");
  hostile(w, entry("100644", "A", id) + entry("100644", "a", id) +
               entry("100644", "new\nline", id) +
               entry("100644", "\xff\xfe", id));
  const auto s = need(w.fetch());
  CHECK(s.tree->entries().size() == 4);
  CHECK(s.tree->find("\xff\xfe"));
  const auto request = commit_on(s, {modify("a", "y"), add("b", "b")});
  const auto made = need(w.engine().push({w.remote, request, "pj/t1", ""}, {}));
  CHECK(git_in(w.server.folder("o/r"), {"diff-tree", "-r", "--name-status",
                                        "main", made}) == "M\ta\nA\tb");
  (void)need(w.engine().check_out(s, nullptr, w.home.path() / "work", {}));
}

TEST_CASE("git: a tree that is endless by nesting is refused") {
  world w;
  w.options.max_files = 1000;
  auto id = blob(w, "x");
  std::string mode = "100644";
  for (int depth = 0; depth < 8; ++depth) {
    std::string tree;
    for (char c = 'a'; c < 'k'; ++c)
      tree += entry(mode, std::string(1, c), id);
    id = run({"git", "-C", w.server.folder("o/r").string(), "hash-object", "-t",
              "tree", "-w", "--stdin"},
             tree);
    id.pop_back();
    mode = "40000";
  }
  const auto folder = w.server.folder("o/r");
  git_in(folder, {"update-ref", "refs/heads/main",
                  git_in(folder, {"commit-tree", "-m", "x", id})});
  const auto f = need_failure(w.fetch());
  CHECK(f.kind == failure_class::fail);
  CHECK_THAT(f.what, ContainsSubstring("more than 1000"));
}

TEST_CASE("git: a file beyond the limit is listed, not read") {
  world w;
  w.options.max_file_bytes = 1000;
  w.server.commit("o/r", "main", {{"big", std::string(1001, 'x')}, {"s", "s"}});
  const auto s = need(w.fetch());
  CHECK(s.tree->find("big")->size == 1001);
  CHECK_THAT(need_failure(s.tree->read("big")).what,
             ContainsSubstring("too big"));
  CHECK(need(s.tree->read("s")) == "s");
}

TEST_CASE("git: a repository beyond the limit is not downloaded") {
  world w;
  std::string noise;
  for (unsigned i = 0, x = 1; i < 300'000; ++i)
    noise += static_cast<char>((x = x * 1664525u + 1013904223u) >> 24);
  w.server.commit("o/r", "main", {{"noise", noise}});
  w.options.max_download = 100'000;
  const auto f = need_failure(w.fetch());
  CHECK(f.kind == failure_class::fail);
  CHECK_THAT(f.what, ContainsSubstring("bigger"));
}

TEST_CASE("git: a kept commit stands alone and its patch applies") {
  world w;
  w.server.commit("o/r", "main", {{"README.md", "hello\n"}, {"b", "b\n"}});
  w.server.commit("o/r", "main", {{"b", "c\n"}}); // history to cut off
  const auto s = need(w.fetch());
  const auto request =
    commit_on(s, {modify("README.md", "bye\n"),
                  add("bin", std::string("\0\1\2", 3)), removal("b")});
  const auto folder = w.home.path() / "kept";
  const auto kept = need(w.engine().keep(request, "pj/t1", folder));
  CHECK(kept.commit == need(w.engine().commit_id(request, {})));
  fs::remove_all(w.options.cache);
  CHECK(git_in(kept.repository, {"rev-parse", "pj/t1"}) == kept.commit);
  CHECK(git_in(kept.repository, {"symbolic-ref", "HEAD"}) ==
        "refs/heads/pj/t1");
  CHECK(git_in(kept.repository, {"show", "HEAD:README.md"}) == "bye");
  CHECK(git_in(kept.repository, {"fsck", "--full", "--strict"}).empty());
  run({"git", "clone", "-q", "-b", "main", w.server.url("o/r"),
       (w.home.path() / "clone").string()});
  git_in(w.home.path() / "clone", {"am", "-q", kept.patch_file.string()});
  CHECK(git_in(w.home.path() / "clone", {"rev-parse", "HEAD^{tree}"}) ==
        git_in(kept.repository, {"rev-parse", "HEAD^{tree}"}));
  const auto again = need(w.engine().fetch({w.remote, "main", false}, {}));
  auto other = request;
  other.parent = again;
  other.message = "other\n";
  CHECK(git_in(need(w.engine().keep(other, "pj/t1", folder)).repository,
               {"log", "-1", "--format=%s"}) == "other");
}
