#include "world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <unistd.h>

#include <csignal>

using namespace pj;
using namespace pj::test;

namespace {

/// Where a run is killed.
struct moment {
  const char* when;
  const char* fault; ///< holds the run there, once
  const char* face;
  const char* kind;
  std::size_t questions; ///< to the model, of both runs
};

// `slow`: the request waits and nothing is done. `stall`: it is done, but the
// answer does not come.
const moment moments[] = {
  {"before anything came of the fetch",
   "{face: git, kind: slow, delay: 600000, times: 1}", "git", "slow", 1},
  {"in the middle of the fetch",
   "{face: git, method: POST, path: upload-pack, kind: stall, after: 60, "
   "times: 1}",
   "git", "stall", 1},
  {"while the branch is looked up",
   "{face: git, method: GET, path: upload-pack, kind: stall, skip: 1, "
   "times: 1}",
   "git", "stall", 1},
  {"before the model says a word",
   "{face: model, kind: slow, delay: 600000, times: 1}", "model", "slow", 2},
  {"while the model streams",
   "{face: model, kind: stall, after: 400, times: 1}", "model", "stall", 2},
  {"after the answer was recorded",
   "{face: git, method: GET, path: receive-pack, kind: stall, times: 1}", "git",
   "stall", 1},
  {"before the push arrives",
   "{face: git, method: POST, path: receive-pack, kind: slow, delay: 600000, "
   "times: 1}",
   "git", "slow", 1},
  {"after the push, its answer lost",
   "{face: git, method: POST, path: receive-pack, kind: stall, times: 1}",
   "git", "stall", 1},
  {"after the push, before the pull request",
   "{face: github, method: GET, path: /pulls, kind: slow, delay: 600000, "
   "times: 1}",
   "github", "slow", 1},
  {"before the pull request is made",
   "{face: github, method: POST, path: /pulls, kind: slow, delay: 600000, "
   "times: 1}",
   "github", "slow", 1},
  {"after the pull request is made, its answer lost",
   "{face: github, method: POST, path: /pulls, kind: stall, times: 1}",
   "github", "stall", 1},
  {"before the last event",
   "{face: webhook, match: [task.completed], kind: slow, delay: 600000, "
   "times: 1}",
   "webhook", "slow", 1},
  {"after the last event, its answer lost",
   "{face: webhook, match: [task.completed], kind: stall, times: 1}", "webhook",
   "stall", 1},
};

/// What is said of a pull request that the killed run had opened.
const std::string adopted = "The pull request was open already.";

/// One branch with one commit, one pull request, every event once and in order.
void check_done(const world& w) {
  CHECK(w.branches() == std::vector<std::string>{"pj/t1"});
  CHECK(w.git({"rev-list", "--count", "main..pj/t1"}) == "1");
  CHECK(w.changed_files("pj/t1") == "M\tREADME.md");
  CHECK(w.doubles.pulls().size() == 1);
  auto messages = w.event_messages();
  if (messages.size() > 7 && messages[7] == adopted)
    messages[7] = usual_messages()[7];
  CHECK(messages == usual_messages());
}

void kill_at(const moment& m) {
  INFO("killed " << m.when);
  world w;
  w.doubles.add_fault(m.fault);
  const auto first = w.start();
  w.await_fault(m.face, m.kind);
  if (m.kind == std::string("stall"))
    await("what is behind the stall", [&] {
      for (const auto& r : w.doubles.requests())
        if (r.fault == "stall")
          return r.status != 0;
      return false;
    });
  first->signal(SIGKILL);
  REQUIRE(first->wait().code == 128 + SIGKILL);
  const auto j = w.result();
  CHECK(j["end"] == "succeeded");
  CHECK(j["pr_url"] == w.doubles.urls().github + "/acme/hello/pull/1");
  CHECK(w.requests("model") == m.questions);
  check_done(w);
}

} // namespace

TEST_CASE("killed while fetching, a task goes on") {
  for (int i = 0; i < 3; ++i)
    kill_at(moments[i]);
}

TEST_CASE("killed while asking, a task asks again") {
  for (int i = 3; i < 5; ++i)
    kill_at(moments[i]);
}

TEST_CASE("killed once the answer is there, nobody is asked again") {
  for (int i = 5; i < 8; ++i)
    kill_at(moments[i]);
}

TEST_CASE("killed around the pull request, there is one all the same") {
  for (int i = 8; i < 11; ++i)
    kill_at(moments[i]);
}

TEST_CASE("killed before the end is told, it is told later") {
  for (int i = 11; i < 13; ++i)
    kill_at(moments[i]);
}

TEST_CASE("killed again and again, a task ends once") {
  world w;
  for (const auto* fault :
       {"{face: model, kind: stall, after: 400, times: 1}",
        "{face: git, method: POST, path: receive-pack, kind: stall, times: 1}",
        "{face: github, method: POST, path: /pulls, kind: stall, times: 1}"}) {
    const auto before = w.requests({});
    w.doubles.add_fault(fault);
    const auto pj = w.start();
    await("the stall", [&] {
      const auto all = w.doubles.requests();
      for (std::size_t i = before; i < all.size(); ++i)
        if (all[i].fault == "stall" && all[i].status != 0)
          return true;
      return false;
    });
    pj->signal(SIGKILL);
    REQUIRE(pj->wait().code == 128 + SIGKILL);
  }
  CHECK(w.run().code == 0);
  CHECK(w.requests("model") == 2);
  check_done(w);
}

TEST_CASE("killed in a check, its processes and files are gone") {
  world w;
  const auto endless = "sleep 9" + std::to_string(::getpid());
  w.doubles.add_repository("acme/checked",
                           {{"README.md", "# Checked\n"},
                            {".pj.yaml", "validate:\n"
                                         "  - name: endless\n"
                                         "    command: " +
                                           endless + " & wait\n"}});
  w.environment["TARGET_REPO"] = w.doubles.repository_url("acme/checked");
  const auto running = [&] {
    return has("\n" + run({"ps", "-A", "-o", "args="}), "\n" + endless + "\n");
  };
  const auto pj = w.start();
  await("the check to run", running);
  pj->signal(SIGKILL);
  pj->wait();
  await("the check to end", [&] { return !running(); });
  w.environment["TASK_TIMEOUT_MINUTES"] = "0.03";
  CHECK(w.run().code == 124);
  CHECK_FALSE(running());
  CHECK(w.requests("model") == 1);
  const auto scratch = w.state() / "run/t1/scratch";
  CHECK((!exists(scratch) || is_empty(scratch)));
}

TEST_CASE("the same task again gives the recorded result") {
  world w;
  const auto first = w.result();
  const auto requests = w.requests({});
  auto again = w.result();
  CHECK(again["replayed"] == true);
  again["replayed"] = false;
  CHECK(again == first);
  CHECK(w.requests({}) == requests);
  const auto x = w.run();
  CHECK(x.code == 0);
  CHECK(x.out == first["pr_url"].get<std::string>() + "\n");
  CHECK(w.requests({}) == requests);
}

TEST_CASE("the same task with other inputs, or after a failure, is a new try") {
  world w;
  w.doubles.add_answer("{refusal: not today, times: 1}");
  CHECK(w.run().code == 1);
  CHECK(w.run().code == 0);
  CHECK(w.requests("model") == 2);
  w.environment["AGENT_PROMPT"] = "Say goodbye to the reader in README.md.";
  const auto j = w.result();
  CHECK(j["replayed"] == false);
  CHECK(w.requests("model") == 3);
  CHECK(has(j["diff"].get<std::string>(), "goodbye"));
  CHECK(w.branches() == std::vector<std::string>{"pj/t1"});
  CHECK(w.git({"rev-list", "--count", "main..pj/t1"}) == "1");
  CHECK(j["commit"] == w.git({"rev-parse", "pj/t1"}));
  CHECK(w.doubles.pulls().size() == 1);
}

TEST_CASE("the same task while it runs is refused") {
  world w;
  w.doubles.add_fault("{face: model, kind: stall, after: 400, times: 1}");
  const auto first = w.start();
  w.await_fault("model", "stall");
  const auto asked = [&w] { // the first one's events may still arrive
    return w.requests({}) - w.requests("webhook");
  };
  const auto before = asked();
  const auto x = w.run();
  CHECK(x.code == 2);
  CHECK(error_lines(x.err).size() == 1);
  CHECK(has(x.err, "still running, pid " + std::to_string(first->pid())));
  CHECK(asked() == before);
  for (const auto& event : w.events())
    CHECK(event["type"] != "task.failed");
  CHECK(first->running());
}
