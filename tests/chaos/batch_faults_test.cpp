// What happens around a batch, not in it: too few files may be open, the
// process stands still, there is no place for the journal.
#include "tests/pipeline/world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <csignal>
#include <fstream>
#include <set>
#include <thread>

using namespace pj;
using namespace pj::test;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

mock_options answering(const std::string& fixtures) {
  mock_options o;
  o.fixtures = fixtures;
  return o;
}

/// A batch `many` of so many tasks over four repositories.
struct many_tasks : world {
  many_tasks(unsigned count, const std::string& limits,
             const std::string& fixtures)
    : world(answering(fixtures)), tasks(count) {
    for (const char* name : {"TARGET_REPO", "TASK_ID", "AGENT_PROMPT"})
      environment.erase(name);
    for (int i = 0; i < 4; ++i)
      doubles.add_repository(repository(i), {{"README.md", "# R\n\nText.\n"}});
    std::ofstream(spec()) << "name: many\ntasks: many.jsonl\nlimits: " << limits
                          << '\n';
    std::ofstream lines(folder() / "many.jsonl");
    for (unsigned i = 0; i < tasks; ++i)
      lines << json{{"TARGET_REPO", doubles.repository_url(
                                      repository(static_cast<int>(i) % 4))},
                    {"TASK_ID", "t" + std::to_string(i)},
                    {"AGENT_PROMPT",
                     "Say in README.md what " + std::to_string(i) + " is"}}
                 .dump()
            << '\n';
  }

  static std::string repository(int i) { return "acme/r" + std::to_string(i); }

  std::string spec() const { return (folder() / "many.yaml").string(); }

  std::unique_ptr<program> pj(std::vector<std::string> words) const {
    words.insert(words.begin(), PJ_BINARY_DIR "/pj");
    words.insert(words.end(), {"--format", "json"});
    return std::make_unique<program>(words, environment);
  }

  /// `script` with what `pj batch run` takes behind it as "$@".
  std::unique_ptr<program> shell(const std::string& script) const {
    return std::make_unique<program>(
      std::vector<std::string>{"/bin/sh", "-c", script, "sh",
                               PJ_BINARY_DIR "/pj", "batch", "run", spec(),
                               "--format", "json"},
      environment);
  }

  /// Every task succeeded, with one branch and one pull request of its own.
  void check_whole(const ending& x) const {
    INFO(x.err);
    CHECK(x.code == 0);
    const auto end = json::parse(x.out, nullptr, false);
    REQUIRE(end.is_object());
    CHECK(end["succeeded"] == tasks);
    std::set<std::string> heads;
    for (const auto& p : doubles.pulls())
      CHECK(heads.insert(p.repository + ' ' + p.head).second);
    CHECK(heads.size() == tasks);
  }

  const unsigned tasks;
};

} // namespace

TEST_CASE("Ctrl-C does not wait for what takes long, and loses nothing") {
  many_tasks w(2, "{concurrency: 2}", "");
  w.doubles.add_fault("{face: model, kind: stall, after: 300, times: 1}");
  w.doubles.add_fault(
    "{face: github, method: POST, path: /pulls, kind: status, "
    "status: 403, headers: {retry-after: '600'}, times: 1}");
  const auto pj = w.pj({"batch", "run", w.spec()});
  w.await_fault("model", "stall");
  w.await_fault("github", "status");
  pj->signal(SIGINT);
  const auto x = pj->wait();
  INFO(x.err);
  CHECK(x.code == 75);
  const auto end = json::parse(x.out, nullptr, false);
  REQUIRE(end.is_object());
  CHECK(end["running"] == 2);
  CHECK(end["failed"] == 0);
  w.check_whole(w.pj({"batch", "resume", "many"})->wait());
}

TEST_CASE("a batch that may open few files carries fewer tasks at once") {
  const many_tasks w(150, "{concurrency: 150}", "latency: 400\n");
  const auto x = w.shell("ulimit -n 256; exec \"$@\"")->wait(5min);
  w.check_whole(x);
  CHECK(has(x.err, "64 tasks are carried at once instead of 150: only 256 "
                   "files may be open"));
}

TEST_CASE("a batch raises the soft limit of open files as far as it needs") {
  const many_tasks w(150, "{concurrency: 150}", "latency: 400\n");
  const auto x = w.shell("ulimit -Sn 256; exec \"$@\"")->wait(5min);
  w.check_whole(x);
  CHECK(!has(x.err, "instead of"));
}

TEST_CASE("a batch outlives a provider that is away until it is spared") {
  const many_tasks w(8, "{concurrency: 8}",
                     "faults:\n  - {face: model, kind: refuse, times: 8}\n");
  w.check_whole(w.pj({"batch", "run", w.spec()})->wait(2min));
  CHECK(w.requests("model") == 2 * w.tasks);
}

TEST_CASE("events of a batch wait for a receiver that is away, and Ctrl-C does "
          "not wait for them") {
  many_tasks w(8, "{concurrency: 8}", "tokens_per_second: 0\n");
  const auto receiver = w.environment.at("WEBHOOK_URL");
  w.environment["WEBHOOK_URL"] =
    "http://127.0.0.1:" + std::to_string(closed_port()) + "/hook";
  const auto running = w.pj({"batch", "run", w.spec()});
  await("pull requests", [&] { return w.doubles.pulls().size() == w.tasks; });
  running->signal(SIGINT);
  const auto first = running->wait(30s);
  INFO(first.err);
  CHECK(first.code == 75);
  CHECK(w.events().empty());
  w.environment["WEBHOOK_URL"] = receiver;
  w.check_whole(w.pj({"batch", "resume", "many"})->wait());
  std::map<std::string, std::vector<std::string>> told;
  for (const auto& e : w.events())
    told[e["taskId"]].push_back(e["type"]);
  CHECK(told.size() == w.tasks);
  for (const auto& [task, types] : told)
    CHECK(types.back() == "task.completed");
}

TEST_CASE("a batch stops when its disk is full, and goes on from there") {
  if (::geteuid() != 0)
    SKIP("only root can mount a small disk");
  const many_tasks w(12, "{concurrency: 4}", "tokens_per_second: 0\n");
  std::filesystem::create_directories(w.state());
  const auto script = "mount -t tmpfs -o size=8m none '" + w.state().string() +
                      R"(' || exit 99
cd ')" + w.state().string() +
                      R"('
"$@" >"$0" & pid=$!
until [ -s batch/many/log.jsonl ]; do sleep 0.02; done
dd if=/dev/zero of=filler bs=4k 2>"$0.dd"
wait $pid
echo "exit code $?" >&2
rm filler
exec "$1" batch resume many --format json)";
  const auto x =
    std::make_unique<program>(
      std::vector<std::string>{"/usr/bin/unshare", "-m", "/bin/sh", "-c",
                               script, w.folder() / "out", PJ_BINARY_DIR "/pj",
                               "batch", "run", w.spec(), "--format", "json"},
      w.environment)
      ->wait(2min);
  if (x.code == 99 || has(x.err, "unshare"))
    SKIP("no disk can be mounted here");
  CHECK(has(x.err, "the disk is full: free some space"));
  CHECK(has(x.err, "exit code 75"));
  w.check_whole(x);
  CHECK(w.requests("model") == w.tasks);
}

TEST_CASE("a batch that stood still for longer than its time-outs loses "
          "nothing") {
  const many_tasks w(12, "{timeout: 3s, concurrency: 12}",
                     "tokens_per_second: 20\n");
  const auto running = w.pj({"batch", "run", w.spec()});
  await("questions", [&] { return w.requests("model") == w.tasks; });
  running->signal(SIGSTOP);
  std::this_thread::sleep_for(4s);
  running->signal(SIGCONT);
  const auto first = running->wait();
  INFO(first.err);
  const auto end = json::parse(first.out, nullptr, false);
  REQUIRE(end.is_object());
  CHECK(end["waiting"] == 0);
  CHECK(end["running"] == 0);
  if (first.code == 0)
    return w.check_whole(first);
  CHECK(first.code == 1);
  w.check_whole(w.pj({"batch", "retry", "many", "--failed"})->wait());
}

TEST_CASE("a batch whose journal cannot be made is refused in one line") {
  many_tasks w(2, "{concurrency: 2}", "tokens_per_second: 0\n");
  w.environment["XDG_STATE_HOME"] = "/proc/nothing";
  const auto x = w.pj({"batch", "run", w.spec()})->wait();
  INFO(x.err);
  CHECK(x.code == 1);
  CHECK(error_lines(x.err).size() == 1);
  CHECK(has(x.err, "/proc/nothing"));
  CHECK(w.requests("model") == 0);
}
