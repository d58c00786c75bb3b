// Pull requests as people want them, forks, GitHub Apps.
#include "world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>

using namespace pj;
using namespace pj::test;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

using names = std::vector<std::string>;

fs::path write_file(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

mock_options with_app(std::int64_t seconds = 3600) {
  mock_options o;
  o.app_id = "4711";
  o.app_token_seconds = seconds;
  return o;
}

/// A world whose token is the app's.
struct app_world : world {
  explicit app_world(std::int64_t seconds = 3600) : world(with_app(seconds)) {
    environment.erase("GITHUB_TOKEN");
  }

  std::vector<std::string> flags() const {
    const auto& u = doubles.urls();
    return {"--github-app-id",
            "4711",
            "--github-app-key",
            u.app_key.string(),
            "--github-app-installation-id",
            u.app_installation};
  }
};

} // namespace

TEST_CASE("labels, people and draft come from flags and the configuration "
          "file") {
  world w;
  write_file(w.home() / ".config/pj/config.yaml",
             "pr_draft: true\npr_labels: [bot, \"help wanted\"]\n"
             "pr_reviewers: bob\n");
  const auto j = w.result({"--label", "docs", "--label", "bot", "--assignee",
                           "ada,eve", "--team-reviewer", "acme/core"});
  CHECK(j["end"] == "succeeded");
  CHECK(j["warnings"].empty());
  const auto pulls = w.doubles.pulls();
  REQUIRE(pulls.size() == 1);
  CHECK(pulls[0].draft);
  CHECK(pulls[0].labels == names{"docs", "bot"});
  CHECK(pulls[0].assignees == names{"ada", "eve"});
  CHECK(pulls[0].reviewers == names{"bob"});
  CHECK(pulls[0].team_reviewers == names{"core"});
}

TEST_CASE("a reviewer that GitHub refuses is a warning") {
  world w;
  const auto j = w.result({"--reviewer", "nobody", "--label", "bot"});
  CHECK(j["end"] == "succeeded");
  REQUIRE(j["warnings"].size() == 1);
  CHECK(has(j["warnings"][0].get<std::string>(),
            "did not get its reviewers nobody: "));
  CHECK(w.doubles.pulls().at(0).labels == names{"bot"});
  CHECK(w.events().back()["type"] == "task.completed");
}

TEST_CASE("labels that GitHub cannot set for now do not make a second pull "
          "request") {
  world w;
  w.doubles.add_fault("{face: github, kind: status, status: 502, method: POST, "
                      "path: /labels, times: 1}");
  const auto j = w.result({"--label", "bot"});
  CHECK(j["warnings"].empty());
  REQUIRE(w.doubles.pulls().size() == 1);
  CHECK(w.doubles.pulls()[0].labels == names{"bot"});
}

TEST_CASE("the pull request's body follows a template, without secrets") {
  world w;
  const auto file = write_file(
    w.folder() / "body.md",
    "Ticket for {{task.id}} by {{model}}\n\n{{prompt}}\n\n{{files}}\n"
    "{{checks}} {{cost}}\n");
  w.environment["AGENT_PROMPT"] =
    "Greet the reader in README.md, not " + w.doubles.token();
  REQUIRE(w.run({"--pr-template", file.string()}).code == 0);
  const auto body = w.doubles.pulls().at(0).body;
  CHECK(body.starts_with("Ticket for t1 by openai/gpt-4o\n\nGreet the reader "
                         "in README.md, not ***\n\n- README.md\n"));
}

TEST_CASE("an unknown placeholder is one line at the start") {
  world w;
  const auto file = write_file(w.folder() / "body.md", "x\n{{promt}}\n");
  const auto x = w.run({"--pr-template", file.string()});
  CHECK(x.code == 2);
  const auto lines = error_lines(x.err);
  REQUIRE(lines.size() == 1);
  CHECK(has(lines[0], "PR_TEMPLATE_PATH"));
  CHECK(has(lines[0], "body.md line 2 has the unknown placeholder {{promt}}"));
  CHECK(w.requests("git") == 0);
  CHECK(w.events().back()["type"] == "task.failed");
}

TEST_CASE("a template that is not there is one line at the start") {
  world w;
  const auto x = w.run({"--pr-template", "/nowhere/body.md"});
  CHECK(x.code == 2);
  CHECK(error_lines(x.err).size() == 1);
}

TEST_CASE("a GitHub App's token serves git and the API") {
  app_world w;
  const auto x = w.run(w.flags());
  CHECK(x.code == 0);
  CHECK(w.doubles.pulls().size() == 1);
  CHECK(w.requests("github", "/access_tokens") == 1);
  CHECK_FALSE(has(x.err, "GITHUB_TOKEN"));
  CHECK_FALSE(has(x.err + x.out, "ghs_mock"));
  std::ifstream in(w.doubles.urls().app_key);
  const std::string key{std::istreambuf_iterator<char>(in), {}};
  for (const auto& entry : fs::recursive_directory_iterator(w.folder()))
    if (entry.is_regular_file()) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      CAPTURE(entry.path());
      CHECK_FALSE(has(text, "ghs_mock"));
      CHECK_FALSE(has(text, key.substr(100, 60)));
    }
}

TEST_CASE("an app's token that is about to end is not used") {
  app_world w(240);
  CHECK(w.run(w.flags()).code == 0);
  CHECK(w.doubles.pulls().size() == 1);
  // Fetch, look-up, push, the pull request's look-up and creation.
  CHECK(w.requests("github", "/access_tokens") >= 5);
}

TEST_CASE("commands of the repository cannot read the app's key") {
  app_world w;
  w.doubles.add_repository(
    "acme/spied", {{"README.md", "# Spied\n"},
                   {".pj.yaml", "validate:\n  - name: spy\n    command: \"! "
                                "grep -q KEY " +
                                  w.doubles.urls().app_key.string() + "\"\n"}});
  w.environment["TARGET_REPO"] = w.doubles.repository_url("acme/spied");
  const auto j = w.result(w.flags());
  CHECK(j["end"] == "succeeded");
}

TEST_CASE("what is wrong with a GitHub App is one clear line") {
  app_world w;
  SECTION("incomplete") {
    const auto x = w.run({"--github-app-id", "4711"});
    CHECK(x.code == 2);
    CHECK(has(x.err, "GITHUB_APP_INSTALLATION_ID is not set"));
    CHECK(has(x.err, "GITHUB_APP_KEY_PATH is not set"));
  }
  SECTION("no key") {
    auto flags = w.flags();
    flags[3] = write_file(w.folder() / "key", "planted").string();
    const auto x = w.run(flags);
    CHECK(x.code == 2);
    CHECK(has(x.err, "holds no private key"));
    CHECK_FALSE(has(x.err, "planted"));
  }
  SECTION("another installation") {
    auto flags = w.flags();
    flags[5] = "1";
    const auto x = w.run(flags);
    CHECK(x.code == 1);
    CHECK(has(x.err, "GitHub knows no installation 1 of app 4711 (404)"));
  }
}

TEST_CASE("fork mode pushes to a fork and asks across repositories") {
  world w;
  // The fork is there, but its commits are not yet.
  w.doubles.add_fault("{face: github, kind: status, status: 409, path: "
                      "/repos/pj-mock/hello/commits, times: 1}");
  const auto j = w.result({"--fork"});
  CHECK(j["end"] == "succeeded");
  CHECK(w.branches().empty());
  CHECK(git_in(w.doubles.repository_path("pj-mock/hello"),
               {"rev-parse", "pj/t1"}) == j["commit"].get<std::string>());
  const auto pulls = w.doubles.pulls();
  REQUIRE(pulls.size() == 1);
  CHECK(pulls[0].repository == "acme/hello");
  CHECK(pulls[0].head_repository == "pj-mock/hello");

  // A second task finds the fork, which lags behind by then.
  const auto folder = w.doubles.repository_path("acme/hello");
  git_in(folder,
         {"fetch", "-q", w.doubles.repository_path("pj-mock/hello").string(),
          "pj/t1:main"});
  w.environment["TASK_ID"] = "t2";
  w.environment["AGENT_PROMPT"] = "Say goodbye in src/hello.py.";
  CHECK(w.result({"--fork"})["end"] == "succeeded");
  CHECK(w.doubles.pulls().size() == 2);
}

TEST_CASE("fork mode finds what an earlier run left") {
  world w;
  w.doubles.add_fault("{face: github, kind: lost-response, method: POST, path: "
                      "/repos/acme/hello/pulls, times: 1}");
  CHECK(w.result({"--fork-owner", "org"})["end"] == "succeeded");
  REQUIRE(w.doubles.pulls().size() == 1);
  CHECK(w.doubles.pulls()[0].head_repository == "org/hello");
}

TEST_CASE("a repository's own owner is not its fork's") {
  world w;
  const auto x = w.run({"--fork-owner", "acme"});
  CHECK(x.code == 1);
  CHECK(has(x.err, "FORK_OWNER owns acme/hello itself"));
  CHECK(w.requests("model") == 0);
}
