#include "core/batch/task_list.hpp"
#include "core/task/text.hpp"
#include "said.hpp"

#include <catch2/catch_test_macros.hpp>

#include <ctime>
#include <set>

using namespace pj::batch;
using pj::settings;

namespace {

const settings keys = {{"OPENAI_API_KEY", {"sk-1", "OPENAI_API_KEY"}},
                       {"GITHUB_TOKEN", {"ghp_1", "GITHUB_TOKEN"}}};

struct made {
  task_list list;
  std::string problems;
};

made make(const std::string& yaml, const settings& environment = keys) {
  problem_log problems;
  const auto s = read_spec(yaml, "b.yaml", problems);
  INFO(told(problems));
  REQUIRE(problems.empty());
  std::vector<repository> all;
  for (const auto& source : s.repositories)
    all.push_back(source.own);
  auto list = make_task_list(s, all, environment,
                             pj::llm::model_table::built_in(), problems);
  return {std::move(list), told(problems)};
}

std::vector<task> tasks(const std::string& yaml,
                        const settings& environment = keys) {
  auto m = make(yaml, environment);
  CHECK(m.problems == "");
  return std::move(m.list.tasks);
}

const std::string two = R"(name: bump
repositories:
  - https://github.com/acme/app
  - url: https://github.com/acme/lib.git
    base: dev
    commit: 0123456789abcdef0123456789abcdef01234567
    prompt: For {{repo.commit}}
    priority: 7
prompt: Bump {{repo.name}} of {{ repo.owner }} on {{repo.host}}.
)";

pj::repo_url url(std::string_view text) {
  auto out = pj::parse_repo_url(text, false);
  REQUIRE(out);
  return *out;
}

} // namespace

TEST_CASE("a task is made for every repository") {
  const auto t = tasks(two);
  REQUIRE(t.size() == 2);
  CHECK(t[0].spec.prompt == "Bump app of acme on github.com.");
  CHECK(t[0].spec.repo.text == "https://github.com/acme/app");
  CHECK(t[0].spec.branch == "pj/" + t[0].spec.id);
  CHECK(t[0].spec.base == "main");
  CHECK(t[0].spec.title == "Pithy Jaunt: " + t[0].spec.id);
  CHECK(t[0].commit.empty());
  CHECK(t[0].priority == 0);
  CHECK(t[0].at.line == 3);
  CHECK(t[1].spec.prompt == "For 0123456789abcdef0123456789abcdef01234567");
  CHECK(t[1].spec.base == "dev");
  CHECK(t[1].commit == "0123456789abcdef0123456789abcdef01234567");
  CHECK(t[1].priority == 7);
}

TEST_CASE("ids of tasks are the same in every run and version") {
  // These are in people's journals and branches: they may never change.
  CHECK(task_id_for("bump", url("https://github.com/acme/app"), "") ==
        "bump-acme-app-e12be14d04");
  CHECK(task_id_for("bump", url("https://github.com/acme/app"), "dev") ==
        "bump-acme-app-507c749114");
}

TEST_CASE("all ways to write a URL give the same id") {
  const auto id = task_id_for("b", url("https://github.com/acme/app"), "");
  for (const char* same :
       {"https://github.com/Acme/App.git", "git@github.com:acme/app.git",
        "ssh://git@github.com/acme/app", "https://GITHUB.com/acme/app/"}) {
    const auto other = task_id_for("b", url(same), "");
    CHECK(other.substr(other.size() - 10) == id.substr(id.size() - 10));
  }
  CHECK(task_id_for("b", url("https://github.com/acme/app2"), "") != id);
  CHECK(task_id_for("b", url("https://ghe.acme.com/acme/app"), "") != id);
}

TEST_CASE("ids are ids whatever the repository is called") {
  for (const char* text : {"file:///srv/..a..b.lock", "file:///srv/ä ö",
                           "https://h/%20/.x.lock", "https://h/a/-._~"}) {
    const auto id = task_id_for(std::string(64, 'b'), url(text), "x");
    INFO(id);
    CHECK(pj::is_task_id(id));
    CHECK(pj::is_branch_name("pj/" + id));
  }
  const auto longest = task_id_for(
    "b",
    url("https://h/" + std::string(100, 'o') + "/" + std::string(100, 'n')),
    "");
  CHECK(longest.size() == 128);
  CHECK(pj::is_branch_name("pj/" + longest));
}

TEST_CASE("the spec decides branch, commit, title, body and what is asked") {
  const auto t = tasks(R"(name: bump
repositories: [https://github.com/acme/app]
prompt: x
branch: deps/{{batch.name}}
commit: |
  Bump {{repo.full_name}}

  Because.
pr:
  title: Bump {{repo.name}}
  body: "{{repo.url}} {{checks}} \\{{ x }} ${{ y }}"
  labels: [a, b c]
  reviewers: jane
provider: openai
model: gpt-4.1
validate: [{name: unit, command: make}]
limits: {timeout: 90s}
publish: draft
)");
  REQUIRE(t.size() == 1);
  const auto& s = t[0].spec;
  CHECK(s.branch == "deps/bump");
  CHECK(s.message == "Bump acme/app\n\nBecause.");
  CHECK(pj::commit_message(s) ==
        "Bump acme/app\n\nBecause.\n\nPithy-Jaunt-Task: " + s.id + "\n");
  CHECK(s.title == "Bump app");
  CHECK(s.pr_template ==
        "https://github.com/acme/app {{checks}} \\{{ x }} ${{ y }}");
  CHECK(s.pr_extras.labels == std::vector<std::string>{"a", "b c"});
  CHECK(s.pr_extras.reviewers == std::vector<std::string>{"jane"});
  CHECK(s.model == "gpt-4.1");
  REQUIRE(s.checks.size() == 1);
  CHECK(s.checks[0].command == "make");
  CHECK(s.timeout == std::chrono::seconds(90));
  CHECK(s.pr_draft);
  CHECK_FALSE(s.skip_push);
  CHECK(pj::pull_request_body(s, {}).find("{{ x }} ${{ y }}") !=
        std::string::npos);
}

TEST_CASE("a limit of cost wants a price that is known, told once") {
  const std::string unknown = two + "model: of-tomorrow\n";
  CHECK(make(unknown).problems == "");
  const auto m = make(unknown + "limits: {max_cost: {batch: 1}}\n");
  const auto at = m.problems.find("limits.max_cost: the price of "
                                  "openai/of-tomorrow is not known");
  CHECK(at != std::string::npos);
  CHECK(m.problems.find("of-tomorrow", at + 60) == std::string::npos);
}

TEST_CASE("a batch that is not published keeps its commits here") {
  const auto t = tasks(two + "publish: no\n");
  CHECK(t[0].spec.skip_push);
  CHECK_FALSE(t[0].spec.pr_draft);
}

TEST_CASE("the environment gives the rest but nothing of a single task") {
  auto environment = keys;
  for (const char* name :
       {"TARGET_REPO", "TASK_ID", "AGENT_PROMPT", "BRANCH_NAME", "BASE_BRANCH",
        "PR_TITLE", "GITHUB_REPOSITORY", "KEEP_ALIVE", "SKIP_PUSH_TO_REMOTE",
        "DRY_RUN"})
    environment[name] = {"???", name};
  environment["WEBHOOK_URL"] = {"https://hooks.acme.com/x", "WEBHOOK_URL"};
  environment["MODEL"] = {"gpt-4.1", "MODEL"};
  environment["TASK_TIMEOUT_MINUTES"] = {"2", "TASK_TIMEOUT_MINUTES"};
  const auto t = tasks(two, environment);
  REQUIRE(t.size() == 2);
  CHECK(t[0].spec.webhook_url == "https://hooks.acme.com/x");
  CHECK(t[0].spec.model == "gpt-4.1");
  CHECK(t[0].spec.timeout == std::chrono::minutes(2));
  CHECK_FALSE(t[0].spec.skip_push);
}

TEST_CASE("a model of the environment does not go with another provider") {
  auto environment = keys;
  environment["MODEL"] = {"gpt-4.1", "MODEL"};
  environment["ANTHROPIC_API_KEY"] = {"sk-2", "ANTHROPIC_API_KEY"};
  const auto m = make(two + "provider: anthropic\n", environment);
  REQUIRE(m.list.tasks.size() == 2);
  CHECK(m.list.tasks[0].spec.model.starts_with("claude"));
  CHECK(m.list.secrets.at(pj::provider_id::anthropic).model_key == "sk-2");
  CHECK(m.list.secrets.size() == 1);
}

TEST_CASE("a batch can be checked without keys, which are told once") {
  const auto m = make(two, {});
  CHECK(m.problems == "");
  CHECK(m.list.tasks.size() == 2);
  CHECK(m.list.missing ==
        std::vector<std::string>{"OPENAI_API_KEY is not set: it is the key of "
                                 "provider openai"});
  CHECK(m.list.warnings.size() == 2); // no token, no webhook
}

TEST_CASE("a problem of the environment is told once") {
  auto environment = keys;
  environment["WEBHOOK_URL"] = {"nowhere", "WEBHOOK_URL"};
  const auto m = make(two, environment);
  CHECK(m.problems == "WEBHOOK_URL is \"***\": use a URL like "
                      "https://host/path\n");
}

TEST_CASE("what only a repository shows is told at its place") {
  struct row {
    const char* rest;
    const char* told;
  };
  const row rows[] = {
    {"repositories: [https://github.com/acme/app]\nprompt: x\n"
     "branch: a/{{repo.name}}.lock\n",
     "b.yaml:4:9: branch: \"a/app.lock\": git does not take it as a branch "
     "name (task a-acme-app-"},
    {"repositories: [https://github.com/acme/app]\nprompt: at "
     "{{repo.commit}}\n",
     "b.yaml:2:16: prompt: {{repo.commit}} stands for nothing here: give the "
     "repository a commit"},
    {"repositories: [{url: 'file:///srv/app', github: acme/app}]\n"
     "prompt: '{{repo.owner}}'\n",
     "b.yaml:2:16: prompt: {{repo.owner}} stands for nothing here: its URL "
     "does not say it"},
    {"repositories: ['file:///srv/app']\nprompt: x\n",
     "b.yaml:2:16: github: it is missing: app does not say where the pull "
     "request goes; give owner/repo"},
    {"repositories: [http://acme.com/a/b]\nprompt: x\n",
     "b.yaml:2:16: url: \"http://acme.com/a/b\": http:// would send "
     "GITHUB_TOKEN unencrypted"},
    {"repositories: [https://a.com/a/b, https://b.com/a/b]\nprompt: x\n",
     "b.yaml:2:35: it is on b.com, others are on a.com: one token goes to one "
     "server"},
    {"repositories: [https://a.com/a/b, {url: https://a.com/a/b, base: x}]\n"
     "prompt: x\nbranch: same\n",
     "b.yaml:2:35: the branch same of this repository is taken by "
     "b.yaml:2:16: put {{task.id}} into"},
    {"repositories: [https://a.com/a/b]\nprompt: x\nbranch: main\n",
     "b.yaml:4:9: branch: \"main\": the branch to create cannot be "
     "BASE_BRANCH (task "},
  };
  for (const auto& r : rows) {
    INFO(r.rest);
    const auto m = make("name: a\n" + std::string(r.rest));
    INFO(m.problems);
    CHECK(m.problems.starts_with(r.told));
  }
}

TEST_CASE("repositories are chosen by name and kind, each once") {
  const auto named = [](const char* text, int line) {
    repository r;
    r.url = text;
    r.at = {"repos.txt", line, 1};
    return r;
  };
  auto fork = named("https://h.com/acme/fork", 0);
  fork.at.file = "b.yaml";
  fork.is_listed = fork.is_fork = true;
  auto old = fork;
  old.url = "https://h.com/acme/old";
  old.is_fork = false;
  old.is_archived = true;
  auto again = fork;
  again.url = "https://h.com/acme/app";
  again.is_fork = false;
  auto other_base = named("https://h.com/acme/app", 3);
  other_base.base = "dev";
  std::vector<left_out> out;
  problem_log problems;
  const std::vector<repository> all = {named("https://h.com/acme/app", 1),
                                       named("https://h.com/else/app", 2),
                                       other_base,
                                       named("https://h.com/acme/no-app", 4),
                                       fork,
                                       old,
                                       again};
  const auto chosen =
    choose({{"acme/*"}, {"**/no-*"}, true, true}, all, out, problems);
  CHECK(problems.empty());
  REQUIRE(chosen.size() == 2);
  CHECK(chosen[0].url == "https://h.com/acme/app");
  CHECK(chosen[1].base == "dev");
  REQUIRE(out.size() == 5);
  CHECK(out[0].name == "else/app");
  CHECK(out[0].why == "no pattern of include is its name");
  CHECK(out[2].why == "it is a fork (skip_forks)");
  CHECK(out[3].why == "it is archived (skip_archived)");
  CHECK(out[4].why == "repos.txt:1:1 names it already");

  out.clear();
  CHECK(choose({{}, {}, false, false}, {fork, old}, out, problems).size() == 2);
  choose({}, {named("https://h.com/a/b", 1), named("git@h.com:A/b.git", 5)},
         out, problems);
  CHECK(told(problems).starts_with(
    "repos.txt:5:1: url: A/b is named twice, first at repos.txt:1:1"));
}

TEST_CASE("a branch that GitHub calls the default is the base") {
  problem_log problems;
  auto s = read_spec(two, "b.yaml", problems);
  repository r;
  r.url = "https://github.com/acme/app";
  r.default_branch = "trunk";
  const auto& models = pj::llm::model_table::built_in();
  CHECK(make_task_list(s, {r}, keys, models, problems).tasks[0].spec.base ==
        "trunk");
  s.base = "main";
  CHECK(make_task_list(s, {r}, keys, models, problems).tasks[0].spec.base ==
        "main");
}

TEST_CASE("ten thousand repositories become as many tasks soon") {
  problem_log problems;
  const auto s = read_spec(two, "b.yaml", problems);
  std::vector<repository> all;
  for (int i = 0; i < 10'000; ++i) {
    all.emplace_back().url = "https://github.com/acme/r" + std::to_string(i);
    all.back().at = {"r", i, 1};
  }
  const auto begin = std::clock();
  const auto list =
    make_task_list(s, all, keys, pj::llm::model_table::built_in(), problems);
  CHECK(std::clock() - begin < 10 * CLOCKS_PER_SEC);
  CHECK(problems.empty());
  std::set<std::string> ids;
  for (const auto& t : list.tasks)
    ids.insert(t.spec.id);
  CHECK(ids.size() == 10'000);
}
