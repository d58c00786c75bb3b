// Whole tasks against a git server that other people wrote: lighttpd and
// `git http-backend`.
#include "tests/pipeline/world.hpp"
#include "tests/support/git_server.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdio>
#include <memory>

using namespace pj;
using namespace pj::test;

namespace {

constexpr const char* token = "ghp_theOneThatLighttpdKnows";

/// A server with the repository acme/hello, and a task that works on it.
struct git_world {
  explicit git_world(bool tls) : server({.token = token, .tls = tls}) {
    server.create("acme/hello");
    server.commit("acme/hello", "main", {{"README.md", "# Hello\n"}});
    task.environment["TARGET_REPO"] = server.url("acme/hello");
    task.environment["GITHUB_TOKEN"] = token;
    task.environment["SKIP_PR_CREATION"] = "true";
  }

  void check_refused(const std::vector<std::string>& words) const {
    CHECK_FALSE(has(task.check_refused(words).err, token));
  }

  /// The branch is there, git finds nothing wrong with it, and it changes what
  /// the model said.
  void check_pushed() const {
    CHECK(task.run().code == 0);
    const auto folder = server.folder("acme/hello");
    CHECK(git_in(folder, {"fsck", "--strict", "--no-dangling"}).empty());
    CHECK(git_in(folder, {"diff", "--name-status", "main..pj/t1"}) ==
          "M\tREADME.md");
    CHECK(git_in(folder, {"rev-list", "--count", "main..pj/t1"}) == "1");
  }

  git_server server;
  world task;
};

constexpr int many_files = 5'000;
constexpr int many_commits = 3'000;

/// A main branch of many files and many commits, each of which changes one.
void import_history(const std::string& folder) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> git(
    ::popen(("git -C '" + folder + "' fast-import --quiet --force").c_str(),
            "w"),
    ::pclose);
  REQUIRE(git);
  auto write = [&git](const std::string& text) {
    REQUIRE(std::fwrite(text.data(), 1, text.size(), git.get()) == text.size());
  };
  auto file = [](int i, int version) {
    const auto text = "module " + std::to_string(i) + " version " +
                      std::to_string(version) + "\n";
    return "M 100644 inline src/" + std::to_string(i / 100) + "/m" +
           std::to_string(i) + ".txt\ndata " + std::to_string(text.size()) +
           "\n" + text;
  };
  for (int n = 0; n < many_commits; ++n) {
    write("commit refs/heads/main\ncommitter A <a@example.com> " +
          std::to_string(1'600'000'000 + n * 60) + " +0000\ndata 1\nx\n");
    if (n == 0)
      write("M 100644 inline README.md\ndata 8\n# Hello\n\n");
    for (int i = 0; n == 0 && i < many_files; ++i)
      write(file(i, 0));
    if (n > 0)
      write(file(n * 7 % many_files, n));
  }
}

} // namespace

TEST_CASE("git http-backend: many files and a long history, over TLS") {
  git_world w(true);
  w.task.environment["SSL_CERT_FILE"] = w.server.ca_file();
  import_history(w.server.folder("acme/hello"));
  REQUIRE(
    git_in(w.server.folder("acme/hello"), {"rev-list", "--count", "main"}) ==
    std::to_string(many_commits));
  w.check_pushed();
}

TEST_CASE("git http-backend: fetch and push with a token") {
  const git_world w(false);
  w.check_pushed();
}

TEST_CASE("git http-backend: a wrong token, and none") {
  git_world w(false);
  w.task.environment["GITHUB_TOKEN"] = "ghp_anotherOne";
  w.check_refused({"refused the token", "GITHUB_TOKEN"});
  w.task.environment.erase("GITHUB_TOKEN");
  w.check_refused({"wants a token", "GITHUB_TOKEN"});
}

TEST_CASE("git http-backend: TLS with an authority of one's own") {
  git_world w(true);
  w.check_refused({"certificate", "not trusted", "SSL_CERT_FILE"});
  w.task.environment["SSL_CERT_FILE"] = w.server.ca_file();
  w.check_pushed();
}

TEST_CASE("git http-backend: a hook's refusal is quoted") {
  git_world w(false);
  w.server.set_update_hook("acme/hello", "echo 'no bots today' >&2; exit 1");
  const auto x = w.task.run();
  CHECK(x.code == 1);
  CHECK(has(x.err, "pj/t1"));
  CHECK(w.task.requests("model") == 1);
  CHECK(w.server.tip("acme/hello", "pj/t1").empty());
}
