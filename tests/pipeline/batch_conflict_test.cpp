// Branches of the tasks' name that others have on the server: the whole way.
#include "batch_world.hpp"

#include <csignal>

using namespace pj;
using namespace pj::test;

namespace {

constexpr const char* branch = "fix/greet";

/// One repository where a person pushed `branch` with notes.txt.
struct conflict_world : batch_world {
  explicit conflict_world(const std::string& how, mock_options o = {})
    : batch_world(1, std::move(o)) {
    std::ofstream(spec(), std::ios::app)
      << "branch: " << branch << "\nconflict: " << how << '\n';
    theirs = push("notes.txt");
  }

  /// A person's commit on top of the branch.
  std::string push(const std::string& file) const {
    const auto tree = folder() / ("person-" + file);
    git_in(folder(), {"clone", "-q", repository(), tree.string()});
    git_in(tree, {"checkout", "-q", "-B", branch, start()});
    std::ofstream(tree / file) << "by hand\n";
    git_in(tree, {"add", "."});
    git_in(tree, {"-c", "user.name=p", "-c", "user.email=p@example.com",
                  "commit", "-q", "-m", "By hand"});
    git_in(tree, {"push", "-q", "origin", branch});
    return tip();
  }

  std::string repository() const {
    return doubles.repository_path("acme/r1").string();
  }
  std::string start() const {
    return git_in(repository(), {"branch", "--list", branch}).empty()
             ? "origin/main"
             : std::string("origin/") + branch;
  }
  std::string tip() const {
    return git_in(repository(), {"rev-parse", branch});
  }
  std::string parent() const {
    return git_in(repository(), {"rev-parse", std::string(branch) + "^"});
  }
  std::string main() const {
    return git_in(repository(), {"rev-parse", "main"});
  }

  std::string theirs;
};

const char* const lost_push =
  "{face: git, method: POST, path: receive-pack, kind: stall, times: 1}";

/// Killed once the push is through, its answer lost.
void kill_after_push(const conflict_world& w) {
  const auto running = w.batch({"run", w.spec()});
  await("the push", [&] { return w.tip() != w.theirs; });
  running->signal(SIGKILL);
  running->wait();
}

} // namespace

TEST_CASE("a foreign branch is left alone by a batch that skips") {
  const conflict_world w("skip");
  CHECK(w.summary({"run", w.spec()}, 1)["failed"] == 1);
  CHECK(w.tip() == w.theirs);
  CHECK(w.requests("model") == 0);
}

TEST_CASE("a foreign branch is replaced where the spec says so") {
  const conflict_world w("replace");
  CHECK(w.summary({"run", w.spec()}, 0)["succeeded"] == 1);
  CHECK(w.tip() != w.theirs);
  CHECK(w.parent() == w.main());
  CHECK(w.doubles.pulls().size() == 1);
}

TEST_CASE("a foreign branch that moves before the push is replaced as it is") {
  conflict_world w("replace");
  w.doubles.add_fault("{face: model, kind: stall, after: 400, delay: 1500, "
                      "times: 1}");
  const auto running = w.batch({"run", w.spec()});
  w.await_fault("model", "stall");
  const auto moved = w.push("more.txt");
  const auto x = running->wait();
  INFO(x.err);
  CHECK(x.code == 0);
  CHECK(w.tip() != moved);
  CHECK(w.parent() == w.main());
  CHECK(w.requests("model") == 1);
}

TEST_CASE("a foreign branch is built upon where the spec says so") {
  const conflict_world w("update");
  CHECK(w.summary({"run", w.spec()}, 0)["succeeded"] == 1);
  CHECK(w.parent() == w.theirs);
  const auto changed = git_in(
    w.repository(), {"diff", "--name-only", std::string("main..") + branch});
  CHECK(changed == "README.md\nnotes.txt");
  CHECK(w.doubles.pulls().size() == 1);
}

TEST_CASE("killed after the push, a branch has one commit on top") {
  for (const std::string how : {"update", "replace"}) {
    INFO(how);
    conflict_world w(how);
    w.doubles.add_fault(lost_push);
    kill_after_push(w);
    const auto pushed = w.tip();
    CHECK(pushed != w.theirs);
    CHECK(w.summary({"resume", "greet"}, 0)["succeeded"] == 1);
    CHECK(w.tip() == pushed);
    CHECK(w.parent() == (how == "update" ? w.theirs : w.main()));
    CHECK(w.doubles.pulls().size() == 1);
    CHECK(w.requests("model") == 1);
  }
}

TEST_CASE("a protected branch is not replaced, and that is one line") {
  mock_options o;
  o.protected_branches = {branch};
  const conflict_world w("replace", o);
  const auto x = w.summary({"run", w.spec()}, 1);
  const auto why = x["tasks"][0]["result"]["error"]["what"].get<std::string>();
  CHECK(has(why, "refused branch fix/greet"));
  CHECK(why.find('\n') == why.npos);
  CHECK(w.tip() == w.theirs);
}
