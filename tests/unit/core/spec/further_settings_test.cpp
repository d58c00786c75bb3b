#include "core/spec/settings.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace pj;

namespace {

settings known(settings more = {}) {
  settings out = {
    {"TARGET_REPO", {"https://github.com/acme/shop", "TARGET_REPO"}},
    {"TASK_ID", {"t", "TASK_ID"}},
    {"AGENT_PROMPT", {"x", "AGENT_PROMPT"}},
    {"OPENAI_API_KEY", {"k", "OPENAI_API_KEY"}},
    {"GITHUB_TOKEN", {"ghp_x", "GITHUB_TOKEN"}},
    {"WEBHOOK_URL", {"https://w/", "WEBHOOK_URL"}},
  };
  for (auto& [name, value] : more)
    out[name] = value;
  return out;
}

result<task_input> read(settings more) {
  return read_task(known(std::move(more)), llm::model_table::built_in());
}

std::string why(settings more) {
  const auto got = read(std::move(more));
  REQUIRE_FALSE(got);
  return got.error().what;
}

using names = std::vector<std::string>;

} // namespace

TEST_CASE("further settings: lists are read once each, without blanks") {
  const auto got = read({{"PR_LABELS", {" bug, help wanted,,bug ", "--label"}},
                         {"PR_REVIEWERS", {"ada", "--reviewer"}},
                         {"PR_TEAM_REVIEWERS", {"acme/core,ui", "c.yaml:1"}},
                         {"PR_DRAFT", {"true", "--draft"}}});
  REQUIRE(got);
  const auto& x = got->spec.pr_extras;
  CHECK(x.labels == names{"bug", "help wanted"});
  CHECK(x.reviewers == names{"ada"});
  CHECK(x.team_reviewers == names{"core", "ui"});
  CHECK(x.assignees.empty());
  CHECK(got->spec.pr_draft);
  CHECK_FALSE(got->spec.fork);
}

TEST_CASE("further settings: impossible names are one line each") {
  const auto text = why({{"PR_REVIEWERS", {"@ada,bob", "--reviewer"}},
                         {"PR_TEAM_REVIEWERS", {"a/b/c", "c.yaml:1"}},
                         {"PR_LABELS", {std::string(300, 'x'), "--label"}}});
  CHECK(text.find("--reviewer is \"@ada,bob\": @ada: use a login name, "
                  "without @") != text.npos);
  CHECK(text.find("c.yaml:1: PR_TEAM_REVIEWERS") != text.npos);
  CHECK(text.find("GitHub takes no label this long") != text.npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
}

TEST_CASE("further settings: events may grow too old") {
  using namespace std::chrono_literals;
  CHECK(read({})->spec.webhook_max_age == 0ms);
  CHECK(read({{"WEBHOOK_MAX_AGE_HOURS", {"0.5", "c.yaml:1"}}})
          ->spec.webhook_max_age == 30min);
  for (const auto* bad : {"0", "-1", "1h", "9000", "1e1"})
    CHECK(why({{"WEBHOOK_MAX_AGE_HOURS", {bad, "--webhook-max-age-hours"}}}) ==
          "--webhook-max-age-hours is \"" + std::string(bad) +
            "\": use hours from 0.001 to 8760, like 24 or 0.5");
}

TEST_CASE("further settings: a fork needs a repository on the server") {
  CHECK(read({{"FORK", {"true", "--fork"}}})->spec.fork);
  const auto org = read({{"FORK_OWNER", {"org", "--fork-owner"}}});
  CHECK(org->spec.fork);
  CHECK(org->spec.fork_owner == "org");
  CHECK(why({{"FORK", {"true", "--fork"}},
             {"TARGET_REPO", {"file:///srv/shop", "TARGET_REPO"}},
             {"GITHUB_REPOSITORY", {"acme/shop", "GITHUB_REPOSITORY"}}})
          .starts_with("--fork needs a TARGET_REPO on the GitHub server"));
}

TEST_CASE("further settings: a GitHub App takes the token's place") {
  const settings app = {
    {"GITHUB_APP_ID", {"4711", "--github-app-id"}},
    {"GITHUB_APP_INSTALLATION_ID", {"815", "--github-app-installation-id"}},
    {"GITHUB_APP_KEY_PATH", {"/k.pem", "--github-app-key"}}};
  const auto got = read(app);
  REQUIRE(got);
  CHECK(got->secrets.github_token.empty());
  CHECK(got->secrets.github_app.installation == "815");
  REQUIRE(got->warnings.size() == 1);
  CHECK(got->warnings[0].starts_with("GITHUB_TOKEN is not used"));
  auto alone = app;
  alone["GITHUB_TOKEN"] = {"", ""};
  CHECK(read(alone)->warnings.empty());
  auto open = alone;
  open["TARGET_REPO"] = {"http://ghe.example/acme/shop", "TARGET_REPO"};
  CHECK_FALSE(read(open));
}

TEST_CASE("further settings: half a GitHub App is told what it lacks") {
  CHECK(why({{"GITHUB_APP_ID", {"4711", "--github-app-id"}}}) ==
        "GITHUB_APP_INSTALLATION_ID is not set: a GitHub App needs its id, its "
        "installation's id and its private key file\n"
        "GITHUB_APP_KEY_PATH is not set: a GitHub App needs its id, its "
        "installation's id and its private key file");
  CHECK(why({{"GITHUB_APP_ID", {"4711", "--github-app-id"}},
             {"GITHUB_APP_INSTALLATION_ID", {"8x", "c.yaml:2"}},
             {"GITHUB_APP_KEY_PATH", {"/k", "c.yaml:3"}}})
          .find("use a number") != std::string::npos);
}

TEST_CASE("further settings: configuration files have them, with lists") {
  const auto got = read_settings_file(
    "pr_labels: [bug, \"help wanted\"]\npr_reviewers: ada\nfork: true\n",
    "c.yaml", false);
  REQUIRE(got);
  CHECK(got->at("PR_LABELS").value == "bug,help wanted");
  CHECK(got->at("PR_REVIEWERS").value == "ada");
  CHECK(got->at("FORK").source == "c.yaml:3");
  const auto bad = [](const char* text) {
    return read_settings_file(text, "c.yaml", false).error().what;
  };
  CHECK(bad("pr_labels: {a: b}") ==
        "c.yaml:1: pr_labels takes a list of plain values");
  CHECK(bad("model: [a]") == "c.yaml:1: model takes one plain value");
  CHECK(bad("pr_lables: x").ends_with("did you mean pr_labels?"));
}
