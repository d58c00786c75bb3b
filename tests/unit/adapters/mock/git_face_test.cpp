#include "core/base64.hpp"
#include "mock_world.hpp"
#include "tests/support/git_server.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fstream>

using namespace pj;
using namespace pj::test;

namespace {

/// Commands of the git program with this password.
struct git_user {
  explicit git_user(const std::string& password)
    : header("http.extraHeader=Authorization: Basic " +
             to_base64("anybody:" + password)) {}

  std::string operator()(const std::filesystem::path& folder,
                         std::vector<std::string> arguments) const {
    const std::vector<std::string> lead{
      "-c", header, "-c", "user.name=a", "-c", "user.email=a@b.c"};
    arguments.insert(arguments.begin(), lead.begin(), lead.end());
    return git_in(folder, std::move(arguments));
  }

  /// Clones into `folder`/w with one commit more on branch `work`.
  std::filesystem::path work(const std::filesystem::path& folder,
                             const std::string& url) const {
    (*this)(folder, {"clone", "-q", url, "w"});
    const auto tree = folder / "w";
    (*this)(tree, {"checkout", "-q", "-b", "work"});
    std::ofstream{tree / "new.txt"} << "new\n";
    (*this)(tree, {"add", "new.txt"});
    (*this)(tree, {"commit", "-q", "-m", "more"});
    return tree;
  }

  std::string header;
};

/// What git said when it failed; empty when it did not.
template <class Work>
std::string complaint(Work work) {
  try {
    work();
    return {};
  } catch (const std::exception& e) {
    return e.what();
  }
}

} // namespace

TEST_CASE("the sample repositories can be cloned and pushed to") {
  mock_world world;
  REQUIRE(world.doubles.urls().repositories.size() == 3);
  const scratch_folder folder;
  const git_user user{world.doubles.token()};
  const auto tree =
    user.work(folder.path(), world.doubles.repository_url("acme/widgets"));
  user(tree, {"push", "-q", "origin", "work"});
  REQUIRE(git_in(world.doubles.repository_path("acme/widgets"),
                 {"rev-parse", "refs/heads/work"}) ==
          user(tree, {"rev-parse", "HEAD"}));
  REQUIRE(user(tree, {"ls-files"}).find("src/widget_49.py") !=
          std::string::npos);
}

TEST_CASE("a shallow fetch of one branch works") {
  mock_world world;
  const scratch_folder folder;
  const git_user user{world.doubles.token()};
  user(folder.path(), {"clone", "-q", "--depth=1", "--branch=main",
                       world.doubles.repository_url("acme/hello"), "w"});
  REQUIRE(std::filesystem::exists(folder.path() / "w" / "hello"));
}

TEST_CASE("a wrong password, a missing repository and no password are told") {
  mock_world world;
  const scratch_folder folder;
  const auto url = world.doubles.repository_url("acme/hello");
  const auto list = [&](const std::string& password, const std::string& what) {
    return complaint([&] {
      git_user{password}(folder.path(), {"ls-remote", what});
    });
  };
  CHECK_FALSE(list("wrong", url).empty());
  CHECK(list(world.doubles.token(), url).empty());
  CHECK(list(world.doubles.token(), world.doubles.repository_url("acme/no"))
          .find("not found") != std::string::npos);
  CHECK_FALSE(
    list(world.doubles.token(), world.doubles.urls().git + "/../etc").empty());
}

TEST_CASE("protected branches and a scripted hook refuse a push") {
  mock_options o;
  o.protected_branches = {"main"};
  mock_world world{o};
  const scratch_folder folder;
  const git_user user{world.doubles.token()};
  const auto tree =
    user.work(folder.path(), world.doubles.repository_url("acme/hello"));
  const auto push = [&](const std::string& to) {
    return complaint([&] {
      user(tree, {"push", "-q", "origin", "work:" + to});
    });
  };
  CHECK(push("main").find("Protected branch update failed") !=
        std::string::npos);
  world.doubles.add_fault("{face: git, kind: reject-push, times: 1, "
                          "path: /git-receive-pack, method: POST}");
  CHECK(push("work").find("hook declined") != std::string::npos);
  CHECK(push("work").empty());
}

TEST_CASE("with anonymous reading only a push needs the token") {
  mock_options o;
  o.anonymous_read = true;
  mock_world world{o};
  const scratch_folder folder;
  const git_user nobody{"nothing"};
  const auto tree =
    nobody.work(folder.path(), world.doubles.repository_url("acme/hello"));
  CHECK_FALSE(complaint([&] {
                nobody(tree, {"push", "-q", "origin", "work"});
              }).empty());
}

TEST_CASE("git works over TLS with the mock's own authority") {
  mock_options o;
  o.tls = true;
  mock_world world{o};
  const scratch_folder folder;
  const git_user user{world.doubles.token()};
  const auto url = world.doubles.repository_url("acme/hello");
  REQUIRE(url.starts_with("https://localhost:"));
  CHECK_FALSE(complaint([&] {
                user(folder.path(), {"ls-remote", url});
              }).empty());
  const auto authority =
    "http.sslCAInfo=" + world.doubles.urls().authority.string();
  CHECK(complaint([&] {
          user(folder.path(), {"-c", authority, "ls-remote", url});
        }).empty());
}

TEST_CASE("the temporary folder goes with the mock") {
  std::filesystem::path where;
  {
    mock one;
    where = one.repository_path("acme/hello");
    REQUIRE(std::filesystem::exists(where));
  }
  REQUIRE_FALSE(std::filesystem::exists(where.parent_path().parent_path()));
}
