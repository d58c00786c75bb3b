#include "world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>

using namespace pj;
using namespace pj::test;
namespace fs = std::filesystem;

namespace {

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

TEST_CASE("a dry run shows the diff and leaves the server alone") {
  world w;
  const auto x = w.run({"--dry-run"});
  CHECK(x.code == 0);
  CHECK(x.out.starts_with("diff --git a/README.md b/README.md\n"));
  CHECK_FALSE(has(x.out, "\x1b"));
  CHECK(w.branches().empty());
  CHECK(w.doubles.pulls().empty());
  CHECK(w.requests("github") == 0);
  CHECK(w.requests("git", "receive-pack") == 0);
  const auto events = w.events();
  CHECK(events.back()["type"] == "task.completed");
  CHECK(events.back()["prUrl"] == "");

  // What was printed is a patch that git takes.
  const auto clone = w.folder() / "clone";
  run({"git", "clone", "-q", w.doubles.repository_path("acme/hello").string(),
       clone.string()});
  const auto patch = w.folder() / "dry.patch";
  std::ofstream(patch) << x.out;
  git_in(clone, {"apply", patch.string()});
  CHECK(git_in(clone, {"status", "--porcelain"}) == " M README.md");
}

TEST_CASE("without a push commit and patch file stay") {
  world w;
  w.environment["SKIP_PUSH_TO_REMOTE"] = "true";
  const auto j = w.result();
  CHECK(j["end"] == "succeeded");
  CHECK(j["pr_url"] == "");
  CHECK(w.branches().empty());
  CHECK(w.requests("github") == 0);
  CHECK(w.requests("git", "receive-pack") == 0);
  CHECK(w.events().back()["type"] == "task.completed");
  const fs::path kept = j["kept_repository"].get<std::string>();
  const fs::path patch = j["kept_patch"].get<std::string>();
  const auto commit = j["commit"].get<std::string>();
  CHECK(git_in(kept, {"rev-parse", "refs/heads/pj/t1"}) == commit);
  CHECK(git_in(kept, {"log", "-1", "--format=%an|%s", "pj/t1"}) ==
        "Pithy Jaunt Bot|Pithy Jaunt: t1");
  const auto clone = w.folder() / "clone";
  run({"git", "clone", "-q", w.doubles.repository_path("acme/hello").string(),
       clone.string()});
  git_in(clone, {"apply", "--index", patch.string()});
  CHECK(git_in(clone, {"write-tree"}) ==
        git_in(kept, {"rev-parse", commit + "^{tree}"}));
  CHECK_FALSE(content_of(patch).empty());
}

TEST_CASE("without a pull request the branch is pushed all the same") {
  world w;
  w.environment["SKIP_PR_CREATION"] = "true";
  const auto x = w.run();
  CHECK(x.code == 0);
  CHECK(x.out.empty());
  CHECK(w.branches() == std::vector<std::string>{"pj/t1"});
  CHECK(w.doubles.pulls().empty());
  CHECK(w.requests("github") == 0);
  CHECK(w.events().back()["type"] == "task.completed");
  CHECK(w.events().back()["prUrl"] == "");
}

TEST_CASE("title, author, branch and configuration file are as asked") {
  world w;
  w.environment["PR_TITLE"] = "Say hello, \"quoted\" and ünïcode";
  w.environment["GIT_AUTHOR_NAME"] = "Ada Ünal";
  w.environment["GIT_AUTHOR_EMAIL"] = "ada@example.com";
  w.environment["BRANCH_NAME"] = "bots/hello";
  w.environment["ADD_CODERABBIT_CONFIG"] = "true";
  REQUIRE(w.run().code == 0);
  CHECK(w.branches() == std::vector<std::string>{"bots/hello"});
  CHECK(w.changed_files("bots/hello") == "A\t.coderabbit.yaml\nM\tREADME.md");
  CHECK(w.git({"log", "-1", "--format=%an <%ae>|%cn|%B", "bots/hello"}) ==
        "Ada Ünal <ada@example.com>|Ada Ünal|Say hello, \"quoted\" and "
        "ünïcode\n\nPithy-Jaunt-Task: t1\n");
  REQUIRE(w.doubles.pulls().size() == 1);
  CHECK(w.doubles.pulls()[0].title == "Say hello, \"quoted\" and ünïcode");
  CHECK(w.events().back()["branchName"] == "bots/hello");
}

TEST_CASE("flags win over the environment") {
  world w;
  w.environment["BRANCH_NAME"] = "from-environment";
  w.environment["TASK_ID"] = "from-environment";
  REQUIRE(w.run({"--branch", "from-flag", "--task-id", "f1"}).code == 0);
  CHECK(w.branches() == std::vector<std::string>{"from-flag"});
  CHECK(has(w.git({"log", "-1", "--format=%B", "from-flag"}),
            "Pithy-Jaunt-Task: f1"));
}

TEST_CASE("when there is no main, master and the server's HEAD step in") {
  world w;
  w.git({"branch", "-m", "main", "master"});
  auto j = w.result();
  CHECK(j["base"] == "master");
  CHECK(j["warnings"].size() == 1);
  CHECK(w.doubles.pulls().at(0).base == "master");
  w.git({"branch", "-m", "master", "trunk"});
  w.git({"symbolic-ref", "HEAD", "refs/heads/trunk"});
  w.environment["TASK_ID"] = "t2";
  w.environment["BASE_BRANCH"] = "main";
  j = w.result();
  CHECK(j["base"] == "trunk");
  CHECK(has(j["warnings"].at(0).get<std::string>(), "trunk"));
}

TEST_CASE("a named base is the base") {
  world w;
  w.git({"branch", "release", "main"});
  w.environment["BASE_BRANCH"] = "release";
  CHECK(w.result()["base"] == "release");
  CHECK(w.doubles.pulls().at(0).base == "release");
}

TEST_CASE("a pull request that somebody else opened is adopted") {
  world w;
  w.doubles.add_fault("{face: github, kind: duplicate-pull, times: 1}");
  const auto j = w.result();
  CHECK(j["end"] == "succeeded");
  const auto pulls = w.doubles.pulls();
  REQUIRE(pulls.size() == 1);
  CHECK(j["pr_url"] == w.doubles.urls().github + "/acme/hello/pull/1");
  CHECK(w.events().back()["prUrl"] == j["pr_url"]);
}

TEST_CASE("a branch that is not ours is left alone") {
  world w;
  w.git({"branch", "pj/t1", "main"});
  const auto j = w.result();
  CHECK(j["exit_code"] == 1);
  CHECK(has(j["error"]["what"].get<std::string>(), "pj/t1"));
  CHECK(w.git({"rev-parse", "pj/t1"}) == w.git({"rev-parse", "main"}));
  CHECK(w.requests("model") == 0);
}
