#include "tests/unit/adapters/git/world.hpp"

#include <catch2/matchers/catch_matchers_string.hpp>

#include <atomic>
#include <fstream>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

using namespace pj;
using namespace pj::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file())
      out.push_back(entry.path());
  return out;
}

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Fetches and pushes a branch of its own; gives what went wrong.
std::string one_task(git_port& engine, const git_remote_spec& at,
                     const std::string& name) {
  auto s = engine.fetch({at, "main", false}, {});
  if (!s)
    return s.error().what;
  auto pushed =
    engine.push({at, commit_on(*s, {add(name, name)}), "pj/" + name, ""}, {});
  return pushed ? "" : pushed.error().what;
}

} // namespace

TEST_CASE("git: a base that did not move is not fetched again") {
  world w;
  w.seed();
  const auto first = need(w.fetch());
  const auto second = need(w.fetch());
  CHECK(first.commit == second.commit);
  CHECK(first.mirror == second.mirror);
  int asked = 0, got = 0;
  for (const auto& line : w.server.end())
    (line.starts_with("GET") ? asked : got) += 1;
  CHECK(asked == 2);
  CHECK(got == 2); // both of the first fetch
}

TEST_CASE("git: many tasks of a repository ask once what it has") {
  world w;
  w.seed();
  w.options.listing_age = 1h;
  for (const char* branch : {"pj/t1", "pj/t2", "pj/t3"}) {
    (void)need(w.fetch());
    CHECK_FALSE(need(w.engine().tip(w.remote, branch, {})));
  }
  std::size_t asked = 0;
  for (const auto& line : w.server.end())
    asked += line.starts_with("GET");
  CHECK(asked == 1);
}

TEST_CASE("git: who pushed a branch sees it, whatever was known before") {
  world w;
  w.seed();
  w.options.listing_age = 1h;
  const auto base = need(w.fetch());
  CHECK_FALSE(need(w.engine().tip(w.remote, "pj/t1", {})));
  const auto commit = commit_on(base, {add("a", "b\n")});
  const auto id = need(w.engine().push({w.remote, commit, "pj/t1", {}}, {}));
  const auto tip = need(w.engine().tip(w.remote, "pj/t1", {}));
  REQUIRE(tip);
  CHECK(tip->commit == id);
}

TEST_CASE(
  "git: a branch that came after the list was read is not overwritten") {
  world w;
  w.seed();
  w.options.listing_age = 1h;
  const auto base = need(w.fetch());
  const auto theirs = w.server.commit("o/r", "pj/t1", {{"x", "y"}});
  CHECK_FALSE(need(w.engine().tip(w.remote, "pj/t1", {})));
  const auto commit = commit_on(base, {add("a", "b\n")});
  (void)need_failure(w.engine().push({w.remote, commit, "pj/t1", {}}, {}));
  const auto tip = need(w.engine().tip(w.remote, "pj/t1", {}));
  REQUIRE(tip);
  CHECK(tip->commit == theirs);
}

TEST_CASE("git: a base that moved on is fetched, the old one stays") {
  world w;
  const auto before = w.seed();
  const auto old = need(w.fetch());
  const auto after = w.server.commit("o/r", "main", {{"new", "new\n"}});
  const auto s = need(w.fetch());
  CHECK(s.commit == after);
  CHECK(need(s.tree->read("new")) == "new\n");
  CHECK(need(s.tree->read("README.md")) == "hello\n");
  const auto again = need(w.engine().reopen(w.remote, "main", before, {}));
  CHECK(again.commit == before);
  CHECK(again.base == "main");
  CHECK_FALSE(again.tree->find("new"));
}

TEST_CASE("git: reopening what is gone fails") {
  world w;
  w.seed();
  const auto never = std::string(40, '1');
  CHECK(need_failure(w.engine().reopen(w.remote, "main", never, {})).kind ==
        failure_class::fail);
  CHECK_FALSE(w.engine().reopen(w.remote, "main", "main", {}));
}

TEST_CASE("git: branches whose names get in each other's way") {
  world w;
  w.server.commit("o/r", "a", {{"x", "1"}});
  CHECK(need(w.fetch("a")).base == "a");
  git_in(w.server.folder("o/r"), {"update-ref", "-d", "refs/heads/a"});
  const auto id = w.server.commit("o/r", "a/b", {{"x", "2"}});
  CHECK(need(w.fetch("a/b")).commit == id);
}

TEST_CASE("git: a mirror that a crash left behind is used again") {
  world w;
  w.seed();
  const auto mirror = need(w.fetch()).mirror;
  w.end_engine();
  const auto leave = [&](const char* name) {
    fs::create_directories((mirror / name).parent_path());
    std::ofstream(mirror / name) << "left by a crash";
  };
  SECTION("in the middle of a fetch") {
    leave("pj-writing");
    leave("refs/pj/0123.lock");
    leave("shallow.lock");
    leave("objects/pack/pack_git2_a1b2c3");
    const auto id = w.server.commit("o/r", "main", {{"new", "1"}});
    CHECK(need(w.fetch()).commit == id);
    for (const auto& file : files_below(mirror)) {
      CHECK(file.extension() != ".lock");
      CHECK_FALSE(file.filename().string().starts_with("pack_"));
    }
  }
  SECTION("before its list of shallow commits was whole") {
    leave("pj-writing");
    fs::remove(mirror / "shallow");
    const auto base = need(w.fetch()).commit;
    std::ifstream in(mirror / "shallow");
    std::string line;
    CHECK((std::getline(in, line) && line == base));
  }
  SECTION("with packs that never reached the disk") {
    for (const auto& file : files_below(mirror / "objects/pack")) {
      fs::permissions(file, fs::perms::owner_all);
      fs::resize_file(file, 0);
    }
    CHECK(need(need(w.fetch()).tree->read("README.md")) == "hello\n");
  }
  SECTION("without packs") {
    for (const auto& file : files_below(mirror / "objects/pack"))
      fs::remove(file);
    CHECK(need(need(w.fetch()).tree->read("README.md")) == "hello\n");
  }
  SECTION("that is no repository any more") {
    fs::remove(mirror / "HEAD");
    CHECK(need(need(w.fetch()).tree->read("README.md")) == "hello\n");
  }
  SECTION("that was still being made") {
    fs::rename(mirror, mirror.string() + ".new");
    CHECK(need(need(w.fetch()).tree->read("README.md")) == "hello\n");
  }
}

TEST_CASE("git: a cache that cannot be written says so") {
  world w;
  w.seed();
  w.options.cache = "/proc/pj-cache";
  const auto f = need_failure(w.fetch());
  CHECK(f.kind == failure_class::fail);
  CHECK_THAT(f.what, Catch::Matchers::ContainsSubstring("/proc/pj-cache"));
}

TEST_CASE("git: eight threads push from one mirror") {
  world w({"tok", false});
  w.seed();
  auto& engine = w.engine();
  std::vector<std::string> trouble(8);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < trouble.size(); ++i)
      threads.emplace_back([&, i] {
        for (int k = 0; k < 3 && trouble[i].empty(); ++k)
          trouble[i] = one_task(engine, w.remote,
                                std::to_string(i) + "-" + std::to_string(k));
      });
  }
  for (const auto& what : trouble)
    CHECK(what == "");
  CHECK(git_in(w.server.folder("o/r"), {"branch", "--list", "pj/*"}).size() ==
        24 * std::string("  pj/0-0\n").size() - 1);
  CHECK(git_in(w.server.folder("o/r"), {"fsck", "--full", "--strict"}).empty());
}

TEST_CASE("git: two threads may read one tree") {
  world w;
  w.seed();
  const auto s = need(w.fetch());
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 200; ++i) {
          const auto got = s.tree->read("src/a.txt");
          wrong += !got || *got != "one\ntwo\n";
        }
      });
  }
  CHECK(wrong == 0);
}

TEST_CASE("git: processes share one mirror") {
  world w;
  w.seed();
  std::vector<pid_t> children;
  for (int i = 0; i < 3; ++i) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      const auto engine = make_git(w.options);
      const auto trouble = one_task(*engine, w.remote, std::to_string(i));
      ::_exit(trouble.empty() ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
  }
  CHECK(need(w.fetch()).tree->entries().size() == 3);
  std::size_t mirrors = 0;
  for (const auto& entry : fs::directory_iterator(w.options.cache))
    mirrors += entry.is_directory();
  CHECK(mirrors == 1);
}

TEST_CASE("git: a lock held by another process is waited for") {
  world w;
  w.seed();
  const auto mirror = need(w.fetch()).mirror;
  w.server.commit("o/r", "main", {{"new", "1"}});
  int held[2], go[2];
  REQUIRE(::pipe(held) == 0);
  REQUIRE(::pipe(go) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const std::string script =
      "exec 9>'" + mirror.string() + ".lock'; flock 9; echo x; read y";
    ::dup2(held[1], 1);
    ::dup2(go[0], 0);
    ::execl("/bin/sh", "sh", "-c", script.c_str(), nullptr);
    ::_exit(1);
  }
  char c;
  REQUIRE(::read(held[0], &c, 1) == 1);
  std::stop_source stop;
  std::jthread impatient([&] { stop.request_stop(); });
  CHECK(
    need_failure(w.engine().fetch({w.remote, "main", false}, stop.get_token()))
      .kind == failure_class::cancelled);
  REQUIRE(::write(go[1], "\n", 1) == 1);
  CHECK(need(w.fetch()).tree->find("new"));
  ::waitpid(child, nullptr, 0);
  for (const int fd : {held[0], held[1], go[0], go[1]})
    ::close(fd);
}

TEST_CASE("git: the token is nowhere on disk") {
  const std::string secret = "ghp_verysecret0123456789";
  world w({secret, false});
  w.seed();
  const auto s = need(w.fetch());
  const auto request = commit_on(s, {add("x", "y")});
  (void)need(w.engine().push({w.remote, request, "pj/t1", ""}, {}));
  (void)need(w.engine().tip(w.remote, "pj/t1", {}));
  const auto kept =
    need(w.engine().keep(request, "pj/t1", w.home.path() / "kept"));
  for (const auto& file : files_below(w.home.path())) {
    INFO(file);
    CHECK(content(file).find(secret) == std::string::npos);
  }
  CHECK(content("/proc/self/cmdline").find(secret) == std::string::npos);
}
