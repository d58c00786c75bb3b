// The pull requests of batches, by the program, against doubles.
#include "batch_world.hpp"

#include <csignal>

using namespace pj;
using namespace pj::test;

namespace {

std::size_t open_pulls(const world& w) {
  std::size_t n = 0;
  for (const auto& p : w.doubles.pulls())
    n += p.open ? 1u : 0u;
  return n;
}

void say(const batch_world& w, const std::string& yaml) {
  std::ofstream(w.spec(), std::ios::app) << yaml << '\n';
}

} // namespace

TEST_CASE("a batch never has more pull requests open than it may") {
  batch_world w(5);
  say(w, "limits: {max_open_prs: 2}");
  const auto first = w.summary({"run", w.spec()}, 75);
  CHECK(first["succeeded"] == 2);
  CHECK(first["waiting"] == 3);
  CHECK(first["failed"] == 0);
  CHECK(has(first["stopped"].get<std::string>(), "pj batch resume greet"));
  CHECK(open_pulls(w) == 2);
  CHECK(w.requests("model") == 2);
  CHECK(w.summary({"resume", "greet"}, 75)["succeeded"] == 2);
  CHECK(w.requests("model") == 2);
  const auto pulls = w.doubles.pulls();
  w.doubles.end_pull(pulls[0].repository, pulls[0].number, true);
  CHECK(w.summary({"resume", "greet"}, 75)["succeeded"] == 3);
  CHECK(open_pulls(w) == 2);
  for (const auto& p : w.doubles.pulls())
    w.doubles.end_pull(p.repository, p.number, false);
  CHECK(w.summary({"resume", "greet"}, 0)["succeeded"] == 5);
  CHECK(open_pulls(w) == 2);
  w.check_effects(5);
}

TEST_CASE("a failed task leaves its room to others") {
  batch_world w(3);
  say(w, "limits: {max_open_prs: 1, concurrency: {tasks: 3}}");
  w.doubles.add_fault("{face: github, kind: status, status: 403, method: POST, "
                      "path: /pulls, times: 1, body: '{\"message\":"
                      "\"Resource not accessible by integration\"}'}");
  const auto x = w.summary({"run", w.spec()}, 75);
  CHECK(x["failed"] == 1);
  CHECK(x["succeeded"] == 1);
  CHECK(x["waiting"] == 1);
}

TEST_CASE("a killed batch counts what it may have opened") {
  batch_world w(4);
  say(w, "limits: {max_open_prs: 2}");
  w.doubles.add_fault(
    "{face: github, method: POST, path: /pulls, kind: stall, times: 2}");
  const auto running = w.batch({"run", w.spec()});
  await("both pull requests", [&] { return w.doubles.pulls().size() == 2; });
  running->signal(SIGKILL);
  running->wait();
  const auto x = w.summary({"resume", "greet"}, 75);
  CHECK(x["succeeded"] == 2);
  CHECK(w.doubles.pulls().size() == 2);
}

TEST_CASE("what was planned is applied while there is room") {
  batch_world w(3);
  say(w, "limits: {max_open_prs: 2}");
  CHECK(w.summary({"plan", w.spec()}, 0)["planned"] == 3);
  const auto x = w.summary({"apply", "greet"}, 75);
  CHECK(x["succeeded"] == 2);
  CHECK(x["planned"] == 1);
  CHECK(w.doubles.pulls().size() == 2);
}

TEST_CASE("without GitHub's word no pull request is opened") {
  batch_world w(2);
  say(w, "limits: {max_open_prs: 1}");
  CHECK(w.summary({"run", w.spec()}, 75)["succeeded"] == 1);
  w.doubles.add_fault(
    "{face: github, kind: status, status: 401, path: /pulls/1}");
  const auto x = w.batch({"resume", "greet"})->wait();
  INFO(x.err);
  CHECK(x.code == 1);
  CHECK(error_lines(x.err).size() == 1);
  CHECK(w.doubles.pulls().size() == 1);
}

namespace {

/// A batch of `n` that has opened its pull requests.
struct published : batch_world {
  explicit published(int n, const std::string& more = {}, mock_options o = {})
    : batch_world(n, std::move(o)) {
    if (!more.empty())
      say(*this, more);
    first = summary({"run", spec()}, 0);
  }

  /// `pj prs …`, `pj merge …`, `pj close …`
  std::unique_ptr<program> pj(std::vector<std::string> words) const {
    words.insert(words.begin(), PJ_BINARY_DIR "/pj");
    return std::make_unique<program>(words, environment);
  }

  ending done(const std::vector<std::string>& words, int code) const {
    auto x = pj(words)->wait();
    UNSCOPED_INFO("out:\n" << x.out << "err:\n" << x.err);
    CHECK(x.code == code);
    return x;
  }

  nlohmann::json listed(int code = 0) const {
    return nlohmann::json::parse(
      done({"prs", "greet", "--format", "json"}, code).out);
  }

  std::string task(int i) const {
    return first["tasks"][static_cast<std::size_t>(i)]["task"];
  }

  std::string git(const std::string& repository,
                  std::vector<std::string> words) const {
    return git_in(doubles.repository_path(repository), std::move(words));
  }

  /// A person commits on top of a branch.
  void push(const std::string& repository, const std::string& branch) const {
    const auto made =
      git(repository,
          {"-c", "user.name=p", "-c", "user.email=p@example.com", "commit-tree",
           branch + "^{tree}", "-p", branch, "-m", "By hand"});
    git(repository, {"update-ref", "refs/heads/" + branch, made});
  }

  nlohmann::json first;
};

std::size_t merged(const world& w) {
  std::size_t n = 0;
  for (const auto& p : w.doubles.pulls())
    n += p.merged ? 1u : 0u;
  return n;
}

} // namespace

TEST_CASE("the pull requests of a batch are listed as GitHub has them") {
  published w(3);
  CHECK(has(w.done({"prs", "greet"}, 0).out, "ready"));
  const auto pulls = w.doubles.pulls();
  w.doubles.end_pull(pulls[0].repository, 1, true);
  w.doubles.end_pull(pulls[1].repository, 1, false);
  w.push(pulls[2].repository, pulls[2].head);
  const auto x = w.listed();
  std::map<std::string, std::size_t> states;
  for (const auto& p : x["pull_requests"]) {
    ++states[p["state"]];
    CHECK(p["number"] == 1);
    CHECK(p["changed_by_others"] == (p["state"] == "open"));
  }
  CHECK(states == std::map<std::string, std::size_t>{
                    {"closed", 1}, {"merged", 1}, {"open", 1}});
  const auto text = w.done({"prs", "greet"}, 0).out;
  CHECK(has(text, "changed by others"));
  CHECK(has(text, "greet: 3 pull requests: 1 open, 1 merged, 1 closed\n"));
  CHECK(has(text, pulls[2].title));
  const auto one = w.done({"prs", "greet", "--task", w.task(0)}, 0).out;
  CHECK(has(one, "1 pull request:"));
}

TEST_CASE("pull requests are merged once, with their branches") {
  const published w(3);
  CHECK(w.done({"merge", "greet"}, 2).out.empty()); // nobody to ask
  CHECK(merged(w) == 0);
  const auto x = w.done({"merge", "greet", "--method", "squash", "--yes",
                         "--delete-branch", "--task", w.task(0)},
                        0);
  CHECK(x.out == "greet: 1 merged\n");
  CHECK(merged(w) == 1);
  const auto all =
    w.done({"merge", "greet", "--yes", "--delete-branch"}, 0).out;
  CHECK(all == "greet: 2 merged, 1 merged before\n");
  for (const auto& p : w.doubles.pulls()) {
    CHECK(p.merged);
    CHECK(w.git(p.repository, {"branch", "--list", p.head}).empty());
    CHECK(has(w.git(p.repository, {"show", "main:README.md"}), "reader"));
  }
  const auto requests = w.requests("github", "/merge");
  CHECK(w.done({"merge", "greet", "--yes"}, 0).out ==
        "greet: 3 merged before\n");
  CHECK(w.requests("github", "/merge") == requests);
}

TEST_CASE("what cannot be merged is told and left") {
  published w(3);
  const auto pulls = w.doubles.pulls();
  w.push(pulls[0].repository, pulls[0].head);
  w.doubles.end_pull(pulls[1].repository, 1, false);
  const auto x = w.done({"merge", "greet", "--yes", "--delete-branch"}, 1);
  CHECK(x.out == "greet: 1 merged, 2 left\n");
  CHECK(error_lines(x.err).size() == 2);
  CHECK(has(x.err, pulls[0].repository + "#1 is not merged: somebody pushed"));
  CHECK(has(x.err, pulls[1].repository + "#1 is not merged: it is closed"));
  CHECK(w.git(pulls[0].repository, {"branch", "--list", pulls[0].head}) != "");
}

TEST_CASE("drafts and conflicts are not merged") {
  const published w(2, "publish: draft");
  const auto x = w.done({"merge", "greet", "--yes"}, 1);
  CHECK(has(x.err, "it is a draft"));
  CHECK(merged(w) == 0);
  const published other(1);
  const auto p = other.doubles.pulls().at(0);
  const auto tree = other.folder() / "person";
  git_in(other.folder(),
         {"clone", "-q", other.doubles.repository_path(p.repository).string(),
          tree.string()});
  std::ofstream(tree / "README.md") << "Another text altogether.\n";
  git_in(tree, {"-c", "user.name=p", "-c", "user.email=p@example.com", "commit",
                "-q", "-a", "-m", "By hand"});
  git_in(tree, {"push", "-q", "origin", "main"});
  const auto y = other.done({"merge", "greet", "--yes"}, 1);
  CHECK(has(y.err, "it conflicts with its base"));
}

TEST_CASE("pull requests are closed with a word, and their branches deleted") {
  const published w(2);
  const auto branch = w.doubles.pulls().at(0).head;
  const auto x = w.done({"close", "greet", "--yes", "--comment",
                         "No longer needed.", "--delete-branch"},
                        0);
  CHECK(x.out == "greet: 2 closed\n");
  for (const auto& p : w.doubles.pulls()) {
    CHECK_FALSE(p.open);
    CHECK_FALSE(p.merged);
    CHECK(p.comments == std::vector<std::string>{"No longer needed."});
    CHECK(w.git(p.repository, {"branch", "--list", p.head}).empty());
  }
  CHECK(w.done({"close", "greet", "--yes"}, 0).out ==
        "greet: 2 closed before\n");
  CHECK(w.listed()["pull_requests"][0]["state"] == "closed");
}

TEST_CASE("a merge whose answer is lost is found done") {
  published w(1);
  w.doubles.add_fault(
    "{face: github, kind: lost-response, method: PUT, path: /merge, times: 1}");
  CHECK(w.done({"merge", "greet", "--yes"}, 0).out == "greet: 1 merged\n");
  CHECK(merged(w) == 1);
}

TEST_CASE("a refusal by GitHub is told per pull request") {
  published w(2);
  w.doubles.add_fault(
    "{face: github, kind: status, status: 405, method: PUT, path: /merge, "
    "times: 1, body: '{\"message\":\"At least 1 approving review is "
    "required\"}'}");
  const auto x = w.done({"merge", "greet", "--yes"}, 1);
  CHECK(x.out == "greet: 1 merged, 1 left\n");
  CHECK(has(x.err, "At least 1 approving review is required"));
}

TEST_CASE("an interrupted merge ends between two of them and says so") {
  published w(3);
  w.doubles.add_fault("{face: github, kind: slow, delay: 1500, method: PUT, "
                      "path: /merge, times: 1}");
  const auto running = w.pj({"merge", "greet", "--yes"});
  w.await_fault("github", "slow");
  running->signal(SIGINT);
  const auto x = running->wait();
  INFO(x.out << x.err);
  CHECK(x.code == 130);
  CHECK(x.out == "greet: 1 merged; interrupted\n");
  CHECK(merged(w) == 1);
  CHECK(w.done({"merge", "greet", "--yes"}, 0).out ==
        "greet: 2 merged, 1 merged before\n");
}

TEST_CASE("bad use of the verbs for pull requests is told in a line") {
  published w(1);
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"prs", "nobody"},
        {"prs", "greet", "--format", "xml"},
        {"merge", "greet", "--yes", "--method", "blend"},
        {"close", "greet", "--yes", "--task", "none"},
        {"merge", "../greet", "--yes"}}) {
    const auto x = w.done(words, 2);
    CHECK(error_lines(x.err).size() == 1);
    CHECK(x.out.empty());
  }
  w.environment.erase("GITHUB_TOKEN");
  CHECK(has(w.done({"prs", "greet"}, 2).err, "GITHUB_TOKEN is not set"));
}
