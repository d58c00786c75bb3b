#include "world.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace pj::test;

namespace {

/// One clear line that names cause and cure, and the event that says the same.
void check_failed(const world& w, const std::vector<std::string>& words) {
  const auto x = w.run();
  CHECK(x.code == 1);
  CHECK(x.out.empty());
  const auto lines = error_lines(x.err);
  REQUIRE(lines.size() == 1);
  for (const auto& word : words) {
    INFO(lines[0] << " should say " << word);
    CHECK(has(lines[0], word));
  }
  CHECK_FALSE(has(x.err, w.doubles.token()));
  const auto event = w.events().back();
  CHECK(event["type"] == "task.failed");
  CHECK("[pj] error: " + event["error"].get<std::string>() == lines[0]);
  CHECK(w.doubles.pulls().empty());
  CHECK(w.branches().empty());
}

} // namespace

TEST_CASE("git: a wrong password") {
  world w;
  w.environment["GITHUB_TOKEN"] = "ghp_thisIsTheWrongOne";
  check_failed(w, {"refused the token", "GITHUB_TOKEN"});
  CHECK(w.requests("model") == 0);
}

TEST_CASE("git: no password at all") {
  world w;
  w.environment.erase("GITHUB_TOKEN");
  check_failed(w, {"wants a token", "GITHUB_TOKEN"});
}

TEST_CASE("git: a named base that is missing") {
  world w;
  w.environment["BASE_BRANCH"] = "release/9";
  check_failed(w, {"release/9"});
  CHECK(w.requests("model") == 0);
}

TEST_CASE("git: an empty repository") {
  world w;
  w.doubles.add_repository("acme/empty", {});
  w.environment["TARGET_REPO"] = w.doubles.repository_url("acme/empty");
  check_failed(w, {"empty"});
}

TEST_CASE("git: a repository that is not there") {
  world w;
  w.environment["TARGET_REPO"] = w.doubles.repository_url("acme/nothing");
  check_failed(w, {"acme/nothing", "does not exist"});
}

TEST_CASE("git: a protected branch") {
  mock_options o;
  o.protected_branches = {"pj/t1"};
  world w{o};
  check_failed(w, {"pj/t1"});
  CHECK(w.requests("model") == 1);
  CHECK(w.requests("github") == 0);
}

TEST_CASE("git: a hook that says no") {
  world w;
  w.doubles.add_fault(
    "{face: git, method: POST, path: receive-pack, kind: reject-push}");
  check_failed(w, {"pj/t1"});
}

TEST_CASE("git: an unreachable server") {
  world w;
  const auto port = std::to_string(closed_port());
  w.environment["TARGET_REPO"] = "http://127.0.0.1:" + port + "/acme/hello";
  check_failed(w, {"127.0.0.1:" + port});
}

TEST_CASE("git: a server that stalls costs no more than the deadline") {
  world w;
  w.doubles.add_fault("{face: git, kind: stall}");
  w.environment["TASK_TIMEOUT_MINUTES"] = "0.02";
  const auto x = w.run();
  CHECK(x.code == 124);
  CHECK(w.events().back()["type"] == "task.failed");
}

TEST_CASE("git: a certificate is trusted or not") {
  world w;
  mock_options o;
  o.tls = true;
  o.token = w.doubles.token();
  o.repositories = w.folder() / "secure";
  std::filesystem::create_directories(o.repositories);
  mock secure{o};
  secure.add_repository("acme/hello", {{"README.md", "# Hello\n"}});
  const auto url = secure.repository_url("acme/hello");
  w.environment["TARGET_REPO"] = url;
  w.environment["SKIP_PR_CREATION"] = "true";
  check_failed(w, {"certificate", "not trusted", "SSL_CERT_FILE"});
  w.environment["SSL_CERT_FILE"] = secure.urls().authority.string();
  CHECK(w.run().code == 0);
  CHECK(git_in(secure.repository_path("acme/hello"),
               {"diff", "--name-only", "main..pj/t1"}) == "README.md");
}
